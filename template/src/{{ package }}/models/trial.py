"""A trial fit of a model to a few synthetic rows, before any data is read."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa

from ..errors import ConfigurationError, ProjectError
from ..schemas.base import Column, Schema
from ..tasks.base import Task
from .base import FitContext, Model
from .rows import Rows


def attempt(model: Model, several: Iterable[Rows], key: str) -> None:
    """Fit a model to the first of several sets of rows that it accepts, save it, and load it.

    Args:
        model: The configured model, with fewer iterations.
        several: Sets of rows that conform to the data contract.
        key: The dotted key that the error names.

    Raises:
        ConfigurationError: If it accepts none; the message is the error of the first.
    """
    first: ProjectError | None = None
    for rows in several:
        try:
            predictor = model.fit(
                rows, FitContext(validation=rows if model.early_stopping else None)
            )
            with TemporaryDirectory(prefix="trial-") as folder:
                predictor.save(Path(folder))
                model.load(Path(folder), rows.problem)
        except ProjectError as error:
            first = first or error
        except Exception as error:  # the type depends on the framework
            message = f"{model.kind} cannot be fitted with these settings: {error}"
            first = first or ProjectError(message.partition("\n")[0])
        else:
            return
    if isinstance(first, ConfigurationError):
        raise first
    raise ConfigurationError(str(first), key) from first


def synthetic(
    task: Task,
    schema: Schema,
    *,
    count: int = 32,
    classes: int = 2,
    categories: int = 2,
    missing: bool = False,
) -> Rows:
    """Return a few rows that conform to the data contract, with numbers that predict the target.

    Args:
        task: The task.
        schema: The data contract.
        count: The number of rows.
        classes: The number of classes, for a classification.
        categories: The number of categories of each categorical feature.
        missing: Whether a value is missing in each nullable numeric column.
    """
    random = np.random.default_rng(0)
    rising = np.arange(count) / count

    def numbers(column: Column) -> pa.Array:
        mask = np.arange(count) == 0 if missing and column.nullable else None
        return pa.array(1 + rising + random.uniform(size=count), mask=mask)

    def labels(several: int) -> pa.Array:
        return pa.array([f"{number:03}" for number in (rising * several).astype(int)])

    columns = {
        column.name: numbers(column)
        if column.kind == "number"
        else labels(categories).take(random.permutation(count))
        for column in schema.features
    }
    target = schema.target
    columns[target.name] = labels(classes) if task.is_classification else pa.array(1 + rising)
    if schema.weight:
        columns[schema.weight.name] = pa.array(1 + rising)
    table = pa.table(columns)
    return Rows.from_table(table, task.problem(schema, table[target.name]), schema)


def various(task: Task, schema: Schema, classes: Iterable[int]) -> Iterator[Rows]:
    """Yield synthetic rows: simple ones first, then some that other parameters require.

    Args:
        task: The task.
        schema: The data contract.
        classes: Numbers of classes to try besides two, for a classification.
    """
    count = 64 + 4 * len(schema.features)  # more rows than encoded columns
    yield synthetic(task, schema, count=count)
    for each in (2, *classes):
        yield synthetic(task, schema, count=count, classes=max(each, 2), categories=10)
