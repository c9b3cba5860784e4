"""The data contract: which columns a table has, of which types, and what each is for."""

from collections.abc import Iterable
from typing import Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, model_validator

from .errors import DataError, nearest

type_of = {"number": pa.float64(), "category": pa.string(), "time": pa.timestamp("us")}


class Column(BaseModel):
    """One column: its name and what kind of value it holds.

    Attributes:
        name: The name in the data.
        kind: `number` (read as float64), `category` (string) or `time` (timestamp[us]).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Literal["number", "category", "time"]


def number(name: str) -> Column:
    """Declare a numeric column; missing values are allowed in features."""
    return Column(name=name, kind="number")


def category(name: str) -> Column:
    """Declare a categorical column; missing values are allowed in features."""
    return Column(name=name, kind="category")


def time(name: str) -> Column:
    """Declare a column of points in time."""
    return Column(name=name, kind="time")


class Schema(BaseModel):
    """The data contract of one task.

    Attributes:
        features: What the model sees, in this order.
        target: What it predicts: a number, or a category.
        identifiers: Columns carried unchanged from the input to the predictions.
        time: When a row was observed; the time splitter needs it.
        group: What rows belong together; the group splitter needs it.
        weight: How much a row counts while a model learns, a number from 0 up; each counts alike
            by default.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    features: tuple[Column, ...]
    target: Column
    identifiers: tuple[Column, ...] = ()
    time: Column | None = None
    group: Column | None = None
    weight: Column | None = None

    @model_validator(mode="after")
    def _check_names(self) -> "Schema":
        """Refuse no features, and one name for two features or for a feature and the target."""
        names = [column.name for column in (*self.features, self.target)]
        if len(names) == 1:
            raise ValueError("declare at least one feature")
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"declared twice: {', '.join(sorted(twice))}")
        return self

    def inputs(self) -> pa.Schema:
        """Return the columns that inference reads: features and identifiers."""
        return arrow(*self.features, *self.identifiers)

    def examples(self) -> pa.Schema:
        """Return the columns that training and evaluation read: all that are declared."""
        return arrow(*self.features, *self.identifiers, *self._roles())

    def labels(self) -> pa.Schema:
        """Return the columns by which rows are parted and judged: all but what a model sees."""
        return arrow(*self._roles())

    def _roles(self) -> tuple[Column, ...]:
        optional = (self.time, self.group, self.weight)
        return (*(column for column in optional if column), self.target)


def check_target(target: pa.ChunkedArray, column: Column, first_row: int = 0) -> None:
    """Refuse a target with missing values.

    Args:
        target: Its values, shape (n,).
        column: What the contract declares of it.
        first_row: Which row of the whole input the first value is, counted from 0.

    Raises:
        DataError: If a value is missing; it names the column and the row.
    """
    if target.null_count:
        row = first_row + target.is_null().index(True).as_py()
        raise DataError(
            f"the target '{column.name}' is missing in row {row}, the first of"
            f" {target.null_count} in this part: drop or fill them"
        )


def arrow(*columns: Column) -> pa.Schema:
    """Return the Arrow schema of columns, each name once, in the order given."""
    return pa.schema({column.name: type_of[column.kind] for column in columns})


def select(table: pa.Table, columns: Iterable[Column]) -> pa.Table:
    """Return a table's columns of these names and types, in this order.

    Raises:
        DataError: If one is missing, or holds what is not of its type; it names the column.
    """
    wanted = arrow(*columns)
    for field in wanted:
        if field.name not in table.column_names:
            raise DataError(f"no column '{field.name}'; {nearest(field.name, table.column_names)}")
    found = table.select(wanted.names)
    if found.schema.types == wanted.types:
        return found
    try:
        return found.cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise DataError(f"a column is not of the type that is declared: {error}") from error
