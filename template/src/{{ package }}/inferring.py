"""Inferring a data contract from a table, in one pass over its rows."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import TypeAdapter

from .config.load import load
from .config.validate import conform
from .datasets import AnyDataset
from .datasets.base import Dataset
from .errors import ConfigurationError, DataError, nearest
from .progress import progress
from .schemas.base import Column, Schema, arrow
from .strategy import kinds_of, members

logger = logging.getLogger(__name__)

FEW = 20  # the maximum number of categories that a contract lists
MANY = 100_000  # the number of distinct values after which a text column is an identifier
DISTINCT = 0.9  # the share of distinct values from which it is one in a smaller table

NUMBERS = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
CATEGORIES = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_string_view,
    pa.types.is_boolean,
)
TIMES = (pa.types.is_timestamp, pa.types.is_date)


@dataclass
class Seen:
    """Statistics of a column.

    Attributes:
        column: The name and kind of the column.
        rows: The number of values, including missing ones.
        missing: Whether any value is missing.
        low: The smallest number.
        high: The largest number.
        values: The distinct categories, as far as they are counted.
    """

    column: Column
    rows: int = 0
    missing: bool = False
    low: float | None = None
    high: float | None = None
    values: set[str] = field(default_factory=set)

    def add(self, values: pa.Array) -> None:
        """Update the statistics."""
        self.missing = self.missing or values.is_null(nan_is_null=True).true_count > 0
        if self.column.kind == "number":
            low, high = pc.min_max(values.filter(pc.is_finite(values))).values()
            known = [each.as_py() for each in (low, high) if each.is_valid]
            self.low = min((*known, *_stated(self.low)), default=None)
            self.high = max((*known, *_stated(self.high)), default=None)
        if self.column.kind == "category" and (self.identifies or len(self.values) <= FEW):
            self.values.update(values.drop_null().unique().slice(0, MANY).to_pylist())
        self.rows += len(values)

    @property
    def identifies(self) -> bool:
        """Whether almost all values are distinct, as far as they are counted."""
        enough = DISTINCT * min(self.rows, MANY)
        return self.column.kind == "category" and len(self.values) >= enough

    def declared(self) -> Column:
        """Return the column with constraints that all its values meet."""
        few = 0 < len(self.values) <= FEW and not self.identifies
        return self.column.model_copy(
            update={
                "nullable": self.missing,
                "minimum": self.low,
                "maximum": self.high,
                "categories": tuple(sorted(self.values)) if few else (),
            }
        )


def read(source: str) -> Dataset:
    """Return the dataset at a path, or the `data` of a configuration file.

    Raises:
        ConfigurationError: If the suffix belongs neither to a dataset nor to a configuration.
    """
    suffix = PurePosixPath(source).suffix.removeprefix(".")
    if suffix in ("yaml", "yml"):
        whole = load([source])
        values, stated = ({"data": each.get("data", {})} for each in (whole.values, whole.stated))
        data = replace(whole, values=values, stated=stated)
        return conform(data, TypeAdapter(dict[str, AnyDataset]))["data"]
    datasets: list[type[Dataset]] = list(members(AnyDataset))
    known = {each: kinds_of(dataset)[0] for dataset in datasets for each in dataset.suffixes}
    if (found := next((each for each in known if source.endswith(f".{each}")), None)) is None:
        raise ConfigurationError(
            f"{source}: no dataset has this suffix; {nearest(suffix, (*known, 'yaml'))}; a YAML"
            " configuration can specify any dataset as `data`"
        )
    adapter: TypeAdapter[AnyDataset] = TypeAdapter(AnyDataset)
    return adapter.validate_python({"kind": known[found], "path": source})


def infer(dataset: Dataset, target: str) -> Schema:
    """Return a data contract that all rows of a table meet.

    Text columns whose values are almost all distinct are identifiers, the first time column is the
    time, and all others are features. Further time columns and columns of unsupported types are
    left out, with a warning.

    Args:
        dataset: The table, which is read batch by batch.
        target: The column to predict.

    Raises:
        DataError: If the target does not exist or cannot be predicted, or there are no features.
    """
    there = dataset.there()
    columns = list(_columns(there))
    names = [column.name for column in columns]
    dataset.check(pa.schema([(target, pa.null())]))
    if target not in names:
        reason = f"'{target}' is {there.field(target).type}, which no task can predict"
        if pa.types.is_null(there.field(target).type):
            reason = f"'{target}' has no values"
        raise DataError(f"{dataset.location}: {reason}")
    seen = [Seen(column) for column in columns]
    with progress(f"reading {dataset.location}") as advance:
        for batch in dataset.read(arrow(*columns)):
            for each in seen:
                each.add(batch[each.column.name])
            advance(batch.num_rows)
    declared = {each.column.name: each.declared() for each in seen}
    predicted = declared.pop(target)
    if predicted.kind == "time":
        raise DataError(f"{dataset.location}: '{target}' is a time, which no task can predict")
    identifiers = {each.column.name for each in seen if each.identifies} - {target}
    times = [column for column in declared.values() if column.kind == "time"]
    unused = {*there.names} - {*names} | {column.name for column in times[1:]}
    if left := [f"'{name}' ({there.field(name).type})" for name in there.names if name in unused]:
        logger.warning("not in the contract: %s", ", ".join(left))
    try:
        return Schema(
            features=tuple(
                column
                for name, column in declared.items()
                if name not in identifiers and column not in times
            ),
            target=Column(name=predicted.name, kind=predicted.kind),
            identifiers=tuple(declared[name] for name in names if name in identifiers),
            time=times[0] if times else None,
        )
    except ValueError as error:
        raise DataError(f"{dataset.location}: no features to predict '{target}' from") from error


def _columns(there: pa.Schema) -> Iterator[Column]:
    """Yield the columns that a contract can declare."""
    for each in there:
        type_ = each.type.value_type if pa.types.is_dictionary(each.type) else each.type
        if any(is_one(type_) for is_one in NUMBERS):
            yield Column(name=each.name, kind="number")
        elif any(is_one(type_) for is_one in TIMES):
            yield Column(name=each.name, kind="time")
        elif any(is_one(type_) for is_one in CATEGORIES):
            yield Column(name=each.name, kind="category")


def _stated(value: float | None) -> tuple[float, ...]:
    return () if value is None else (value,)
