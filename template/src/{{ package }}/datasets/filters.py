"""Filters: which rows of a table are read."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, ne
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, model_validator

from ..errors import DataError

Value = bool | int | float | str
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


class Filter(BaseModel):
    """A condition that rows must meet; a missing value, as is NaN, meets none but `missing`.

    Attributes:
        column: The column that it is about, which need not be in the data contract.
        op: How it is compared: `==`, `!=`, `<`, `<=`, `>`, `>=`, `in` (one of several), `missing`.
        value: What it is compared with: a number or a text, a time as ISO 8601 states it; several
            for `in`; whether it must be missing for `missing`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    op: Literal["==", "!=", "<", "<=", ">", ">=", "in", "missing"]
    value: Value | tuple[Value, ...]

    @model_validator(mode="after")
    def _check_value(self) -> "Filter":
        """Refuse a value that the operator cannot take."""
        if isinstance(self.value, tuple) != (self.op == "in"):
            raise ValueError(f"'{self.op}' takes {'a list' if self.op == 'in' else 'one value'}")
        if self.op == "missing" and not isinstance(self.value, bool):
            raise ValueError("'missing' takes true or false")
        return self

    def typed(self, type_: pa.DataType) -> Any:
        """Return the value as one, or a list, of a type.

        Raises:
            DataError: If it cannot be of that type.
        """
        if self.op == "missing":
            return self.value
        several = self.value if isinstance(self.value, tuple) else (self.value,)
        wrong = f"a filter compares '{self.column}', which is {type_}, with {self.value!r}"
        if _is_stated_as_text(type_) and not all(isinstance(each, str) for each in several):
            raise DataError(f"{wrong}: put the value in quotes")
        if pa.types.is_decimal(type_):
            several = tuple(map(str, several))
        try:
            found = pa.array(several).cast(type_)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
            raise DataError(f"{wrong}: {error}") from error
        return found.to_pylist() if self.op == "in" else found[0].as_py()

    def expression(self, type_: pa.DataType) -> pc.Expression:
        """Return the condition on a column of a type, as Arrow evaluates it."""
        plain = type_.value_type if pa.types.is_dictionary(type_) else type_
        field, value = pc.field(self.column), self.typed(plain)
        missing = field.is_null()
        if pa.types.is_floating(plain):
            missing |= pc.is_nan(field)
        match self.op:
            case "missing":
                return missing if value else ~missing
            case "in":
                return field.isin(pa.array(value, plain))
            case "!=":
                return (field != pa.scalar(value, plain)) & ~missing
            case _:
                return COMPARE[self.op](field, pa.scalar(value, plain))


def _is_stated_as_text(type_: pa.DataType) -> bool:
    """Tell whether a value of a type is stated as text: another might mean something else."""
    types = pa.types
    kinds = (types.is_string, types.is_large_string, types.is_timestamp, types.is_date)
    return any(is_one(type_) for is_one in kinds)


def expression(filters: Iterable[Filter], schema: pa.Schema) -> pc.Expression | None:
    """Return the condition that rows meet which pass every filter; none if there is no filter."""
    parts = [each.expression(schema.field(each.column).type) for each in filters]
    return reduce(and_, parts) if parts else None


def told(filters: Iterable[Filter], schema: pa.Schema) -> list[Filter]:
    """Return the filters that statistics of a file can tell the outcome of: they leave NaN out."""
    return [
        each
        for each in filters
        if each.op != "missing" or not pa.types.is_floating(schema.field(each.column).type)
    ]


def passing(rows: pa.RecordBatch, filters: Iterable[Filter]) -> pa.RecordBatch:
    """Return the rows that pass every filter."""
    condition = expression(filters, rows.schema)
    return rows if condition is None else rows.filter(condition)
