"""The data contract: the columns of a table, their types, roles and constraints."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal, Self

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, model_validator

from ..errors import DataError, nearest

type_of = {"number": pa.float64(), "category": pa.string(), "time": pa.timestamp("us")}


class Column(BaseModel):
    """A column: its name, the kind of its values, and their constraints.

    Attributes:
        name: The name in the data.
        kind: `number` (read as float64), `category` (string) or `time` (timestamp[us]).
        nullable: Whether values may be missing.
        minimum: The lowest valid number.
        maximum: The highest valid number.
        categories: The valid categories; any if empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Literal["number", "category", "time"]
    nullable: bool = True
    minimum: float | None = None
    maximum: float | None = None
    categories: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _check_rules(self) -> Self:
        """Reject constraints that do not fit the kind, or that no value can satisfy."""
        if self.kind != "number" and (self.minimum, self.maximum) != (None, None):
            raise ValueError(f"'{self.name}': only numbers have a minimum and a maximum")
        if self.kind != "category" and self.categories:
            raise ValueError(f"'{self.name}': only a category has categories")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"'{self.name}': the minimum is above the maximum")
        return self

    def wrong(self, values: pa.Array) -> Iterator[tuple[pa.Array, str]]:
        """Yield, for each constraint, a mask of the invalid values, and its description."""
        if not self.nullable:
            yield values.is_null(nan_is_null=True), "no value may be missing"
        if self.minimum is not None:
            yield pc.less(values, self.minimum), f"it must be at least {self.minimum:g}"
        if self.maximum is not None:
            yield pc.greater(values, self.maximum), f"it must be at most {self.maximum:g}"
        if self.categories:
            known = pc.is_in(values, pa.array(self.categories, values.type))
            yield pc.and_not(values.is_valid(), known), f"allowed: {', '.join(self.categories)}"


def number(
    name: str, *, nullable: bool = True, minimum: float | None = None, maximum: float | None = None
) -> Column:
    """Declare a numeric column, with the range of its values."""
    return Column(name=name, kind="number", nullable=nullable, minimum=minimum, maximum=maximum)


def category(name: str, *, nullable: bool = True, categories: Iterable[str] = ()) -> Column:
    """Declare a categorical column, with its categories."""
    return Column(name=name, kind="category", nullable=nullable, categories=tuple(categories))


def time(name: str, *, nullable: bool = True) -> Column:
    """Declare a column of timestamps."""
    return Column(name=name, kind="time", nullable=nullable)


class Schema(BaseModel):
    """The data contract of one task.

    Attributes:
        features: The columns that the model reads, in this order.
        target: The column that it predicts: a number, or a category.
        identifiers: Columns copied unchanged from the input to the predictions.
        time: When a row was observed; required by the time splitter.
        group: Which rows belong together; required by the group splitter.
        weight: The sample weight in training, at least 0; by default, all rows weigh the same.
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
        """Reject a schema without features, with duplicate columns, or with conflicting kinds."""
        names = [column.name for column in (*self.features, self.target)]
        if len(names) == 1:
            raise ValueError("declare at least one feature")
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"declared twice: {', '.join(sorted(twice))}")
        arrow(*self.columns())
        return self

    def columns(self, *, features: bool = True) -> tuple[Column, ...]:
        """Return all declared columns, or only those needed for splitting and evaluation."""
        roles = tuple(each for each in (self.time, self.group, self.weight, self.target) if each)
        return (*self.features, *self.identifiers, *roles) if features else roles

    def examples(self) -> pa.Schema:
        """Return the columns that training and evaluation read: all declared ones."""
        return arrow(*self.columns())


def check_target(target: pa.ChunkedArray, column: Column, first_row: int = 0) -> None:
    """Reject a target with missing values.

    Args:
        target: Its values, shape (n,).
        column: Its declaration in the contract.
        first_row: The index of the first value in the whole input.

    Raises:
        DataError: If a value is missing; it names the column and the row.
    """
    if target.null_count:
        row = first_row + target.is_null().index(True).as_py()
        raise DataError(
            f"the target '{column.name}' is missing in row {row}, the first of"
            f" {target.null_count} in this batch: drop or fill them"
        )


def enforce(
    batches: Iterable[pa.RecordBatch], columns: Iterable[Column], name: str
) -> Iterator[pa.RecordBatch]:
    """Validate batches against the constraints of columns, and yield them unchanged.

    Args:
        batches: Rows, with the columns among others.
        columns: Their declarations in the contract.
        name: The name of the data, for messages.

    Raises:
        DataError: If a value is invalid; it names the data, column, row, value and constraint.
    """
    first, declared = 0, dict.fromkeys(columns)  # a feature may also be an identifier
    for batch in batches:
        for column in declared:
            values = batch[column.name]
            for broken, rule in column.wrong(values):
                at = broken.fill_null(False).index(True).as_py()
                if at >= 0:
                    found: Any = values[at].as_py()
                    shown = "missing" if found is None else repr(found)
                    raise DataError(
                        f"{name}: column '{column.name}', row {first + at}: {shown}, but {rule};"
                        " fix the data, or the contract in schemas/"
                    )
        first += batch.num_rows
        yield batch


def arrow(*columns: Column) -> pa.Schema:
    """Return the Arrow schema of columns, each name once, in the order given.

    Raises:
        DataError: If one name is declared as two kinds.
    """
    kinds: dict[str, str] = {}
    for column in columns:
        if (kind := kinds.setdefault(column.name, column.kind)) != column.kind:
            raise DataError(
                f"'{column.name}' is declared as a {kind} and as a {column.kind}: a column has one"
                " kind, in the data contract and in the models that were trained with it"
            )
    return pa.schema({name: type_of[kind] for name, kind in kinds.items()})


def select(table: pa.Table, columns: Iterable[Column]) -> pa.Table:
    """Select columns of a table, in this order, cast to their declared types.

    Raises:
        DataError: If one is missing, or cannot be cast; it names the column.
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
