"""The data contract: the columns of a table, their types, roles and constraints."""

from collections.abc import Iterable, Iterator
from typing import Literal, Self

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, model_validator

from ..casting import canonical, cast
from ..errors import DataError, nearest

type_of = {"number": pa.float64(), "category": pa.string(), "time": pa.timestamp("us")}


class Column(BaseModel):
    """A column: its name, the kind of its values, and their constraints.

    Attributes:
        name: The name in the data.
        kind: `number` (read as float64, finite), `category` (string) or `time` (timestamp[us]; in
            UTC if the data states a zone).
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
        if self.kind == "number":
            yield pc.is_inf(values), "it must be finite"
        if self.minimum is not None:
            yield pc.less(values, self.minimum), f"it must be at least {self.minimum:g}"
        if self.maximum is not None:
            yield pc.greater(values, self.maximum), f"it must be at most {self.maximum:g}"
        if self.categories:
            allowed = canonical(pa.array(self.categories, values.type))
            known = pc.is_in(canonical(values), allowed)
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
        identifiers: Columns copied unchanged from the input to the predictions; training does not
            read them.
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
        """Reject a schema without features, with duplicate columns, or with unsuitable kinds."""
        names = [column.name for column in (*self.features, self.target)]
        if len(names) == 1:
            raise ValueError("declare at least one feature")
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"declared twice: {', '.join(sorted(twice))}")
        arrow(*self.columns(), *self.identifiers)
        for each in (*self.features, self.target):
            if each.kind == "time":
                raise ValueError(
                    f"'{each.name}' is a time, which no model reads: declare it as `time` or"
                    " among the identifiers, and derive numbers or categories from it"
                )
        for role, kind in (("time", "time"), ("weight", "number")):
            column = getattr(self, role)
            if column and column.kind != kind:
                raise ValueError(
                    f"the {role} '{column.name}' is a {column.kind}, but a {role} is"
                    f" declared by {kind}()"
                )
        return self

    def columns(self, *, features: bool = True) -> tuple[Column, ...]:
        """Return the columns that training reads, or only those for splitting and evaluation."""
        roles = tuple(each for each in (self.time, self.group, self.weight, self.target) if each)
        return (*self.features, *roles) if features else roles

    def examples(self) -> pa.Schema:
        """Return the columns that training reads: all declared ones, except the identifiers."""
        return arrow(*self.columns())


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

    Categories have the text that they have in every format; see `casting.canonical`.

    Raises:
        DataError: If one is missing, or cannot be cast; it names the column.
    """
    wanted = arrow(*columns)
    for field in wanted:
        if field.name not in table.column_names:
            raise DataError(f"no column '{field.name}'; {nearest(field.name, table.column_names)}")
    batches = [cast(batch, wanted, "the rows") for batch in table.to_batches()]
    found = pa.Table.from_batches(batches, wanted)
    for at, field in enumerate(wanted):
        if pa.types.is_string(field.type):
            texts = [canonical(chunk) for chunk in found[field.name].chunks]
            found = found.set_column(at, field, pa.chunked_array(texts, field.type))
    return found
