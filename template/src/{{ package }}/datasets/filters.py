"""Row filters of datasets."""

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
    """A condition on one column; a missing value or NaN meets only `missing`.

    Attributes:
        column: The column, which need not be in the data contract.
        op: The operator: `==`, `!=`, `<`, `<=`, `>`, `>=`, `in` or `missing`.
        value: The value to compare with: a number, a text, or a time in ISO 8601; a list for `in`;
            for `missing`, whether the value must be missing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    op: Literal["==", "!=", "<", "<=", ">", ">=", "in", "missing"]
    value: Value | tuple[Value, ...]

    @model_validator(mode="after")
    def _check_value(self) -> "Filter":
        """Reject a value that the operator does not accept."""
        if isinstance(self.value, tuple) != (self.op == "in"):
            raise ValueError(f"'{self.op}' takes {'a list' if self.op == 'in' else 'one value'}")
        if self.op == "missing" and not isinstance(self.value, bool):
            raise ValueError("'missing' takes true or false")
        return self

    def typed(self, type_: pa.DataType) -> Any:
        """Return the value, or the list of values, cast to a type.

        Raises:
            DataError: If a value cannot be cast.
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
        """Return the Arrow expression of the condition on a column of a type."""
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
    """Return whether values of a type must be given as text, to prevent implicit conversion."""
    types = pa.types
    kinds = (types.is_string, types.is_large_string, types.is_timestamp, types.is_date)
    return any(is_one(type_) for is_one in kinds)


def expression(filters: Iterable[Filter], schema: pa.Schema) -> pc.Expression | None:
    """Return the conjunction of filters as an Arrow expression, or `None` without filters."""
    parts = [each.expression(schema.field(each.column).type) for each in filters]
    return reduce(and_, parts) if parts else None


def told(filters: Iterable[Filter], schema: pa.Schema) -> list[Filter]:
    """Return the filters that file statistics can evaluate; statistics do not count NaN."""
    return [
        each
        for each in filters
        if each.op != "missing" or not pa.types.is_floating(schema.field(each.column).type)
    ]


def passing(rows: pa.RecordBatch, filters: Iterable[Filter]) -> pa.RecordBatch:
    """Return the rows that meet all filters."""
    condition = expression(filters, rows.schema)
    return rows if condition is None else rows.filter(condition)
