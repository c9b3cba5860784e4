"""Explanation: how much each feature contributes to the predictions of a saved model."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa
from pydantic import Field, TypeAdapter, ValidationError

from ..assessment.unseen import Unseen
from ..datasets import AnyDataset
from ..datasets.sampling import draw
from ..errors import ConfigurationError
from ..explainers import AnyExplainer
from ..explainers.base import Attributions, Explainer, joined
from ..plots.explanation import attributions, mean_attributions
from ..progress import progress
from ..runs.run import Run
from ..schemas import SCHEMAS
from ..schemas.base import Schema, select
from ..sources import AnySource
from ..tasks.base import Problem
from .base import BatchJob

BACKGROUND = 50  # reference rows that replace the values of unknown features
PART = 25  # rows explained at a time
DRAWN = 6  # the most classes whose attributions are plotted


class Explanation(BatchJob):
    """Attribute predictions to features: of each row, and on average.

    A row of attributions holds the position of the row in the data, the identifiers that the data
    contract declares, the explained output, the base value, and the attribution of each feature.

    Attributes:
        kind: `explanation`.
        model: The source of the saved model.
        data: The rows whose predictions are explained.
        rows: The number of rows, sampled at random.
        explainer: The method; by default the framework's own if it has one, else SHAP.
        attributions: The dataset of the attributions; it is replaced once all are computed.
    """

    makes: ClassVar[tuple[str, ...]] = ("attributions",)
    writes: ClassVar[tuple[str, ...]] = ("attributions",)

    kind: Literal["explanation"] = "explanation"
    model: AnySource
    data: AnyDataset
    rows: int = Field(100, ge=1)
    explainer: AnyExplainer | None = None
    attributions: AnyDataset

    def execute(self, run: Run) -> None:
        """See `BatchJob.execute`."""
        artifact = self.model.read(run)
        predictor, problem = artifact.predictor, artifact.manifest.problem
        schema = SCHEMAS[problem.task]
        check_names(problem, schema)
        unseen = Unseen(artifact.categories)
        explainer = self.explainer or default(artifact.manifest.model.kind)
        with (
            run.reading(self.data) as count,
            progress(f"reading {self.data.location}") as advance,
        ):
            rows = self.data.rows(*problem.features, *schema.identifiers)
            batches = numbered(unseen.watch(rows))
            most = max(self.rows, BACKGROUND)
            drawn, read = draw(batches, most, self.seed, lambda each: advance(each.num_rows))
            count(read)
        unseen.conclude(run)
        order = np.random.default_rng(self.seed).permutation(drawn.num_rows)
        shown = drawn.take(np.sort(order[: self.rows]))
        positions, known = shown.column(0), shown.remove_column(0)
        features = select(known, problem.features)
        background = select(drawn.remove_column(0).take(order[-BACKGROUND:]), problem.features)
        parts = []
        with progress(f"explaining by {explainer.kind}", features.num_rows) as advance:
            for start in range(0, features.num_rows, PART):
                part = features.slice(start, PART)
                parts.append(explainer.explain(predictor, part, background, self.seed))
                advance(part.num_rows)
        found = joined(parts)
        table = tidy(found, positions, known, problem, schema)
        self.attributions.write(table.schema, table.to_batches())
        run.artifacts["attributions"] = self.attributions.location
        show(run, found, features, explainer.kind)


def check_names(problem: Problem, schema: Schema) -> None:
    """Reject identifiers with the names of other columns of attributions.

    Raises:
        ConfigurationError: If an identifier has such a name.
    """
    rest = {"row", "output", "base", *(f"attribution_{each.name}" for each in problem.features)}
    if taken := rest & {column.name for column in schema.identifiers}:
        raise ConfigurationError(
            f"identifiers have names of what attributions hold besides: {', '.join(sorted(taken))};"
            " rename them in the data contract"
        )


def default(model: str) -> Explainer:
    """Return the explainer of a kind of model: of the same kind if there is one, else SHAP."""
    adapter: TypeAdapter[Explainer] = TypeAdapter(AnyExplainer)
    try:
        return adapter.validate_python({"kind": model})
    except ValidationError:
        return adapter.validate_python({"kind": "shap"})


def numbered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield batches with the position of each row in an additional first column."""
    count = 0
    for batch in batches:
        positions = pa.array(np.arange(count, count + batch.num_rows))
        names = ["row", *batch.schema.names]
        yield pa.RecordBatch.from_arrays([positions, *batch.columns], names=names)
        count += batch.num_rows


def tidy(
    found: Attributions,
    positions: pa.ChunkedArray,
    known: pa.Table,
    problem: Problem,
    schema: Schema,
) -> pa.Table:
    """Return attributions as a table, a row for each row and each output.

    Args:
        found: The attributions of n rows.
        positions: The positions of the rows in the data, shape (n,).
        known: The rows, with the identifiers that the data contract declares.
        problem: The problem of the model.
        schema: The data contract.
    """
    parts = []
    for at, output in enumerate(found.outputs):
        columns = {"row": positions}
        columns |= {column.name: known[column.name] for column in schema.identifiers}
        columns["output"] = pa.array([output] * len(positions), pa.string())
        columns["base"] = pa.array(found.base[:, at])
        for place, column in enumerate(problem.features):
            columns[f"attribution_{column.name}"] = pa.array(found.values[:, place, at])
        parts.append(pa.table(columns))
    return pa.concat_tables(parts)


def show(run: Run, found: Attributions, features: pa.Table, explainer: str) -> None:
    """Add means and plots to a run.

    Several classes share one plot of means; attributions are plotted for at most six of them.
    """
    names = features.column_names
    means = np.abs(found.values).mean(axis=0)
    run.tables["Importance"] = pa.Table.from_pylist(
        [
            {
                "output": output,
                "feature": names[place],
                "mean_absolute": means[place, at],
                "unit": found.unit,
                "explainer": explainer,
            }
            for at, output in enumerate(found.outputs)
            for place in np.argsort(-means[:, at], kind="stable").tolist()
        ]
    )
    run.figures["Importance"] = mean_attributions(means.mean(axis=1), names, found.unit)
    for at, output in enumerate(found.outputs[:DRAWN]):
        title = f"Attributions of {output}" if len(found.outputs) > 1 else "Attributions"
        run.figures[title] = attributions(found.values[..., at], features, found.unit)
