"""Conversion of types and values between a database and Arrow."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import types

from ..filters import COMPARE, Filter
from .problems import Problem

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.types import TypeEngine


def arrow_type(type_: "TypeEngine[Any]") -> pa.DataType:
    """Return the Arrow type of a database type; text if there is no other."""
    from sqlalchemy import types as sql

    if isinstance(type_, sql.DateTime):
        return pa.timestamp("us", "UTC" if type_.timezone else None)
    known: tuple[tuple[Any, pa.DataType], ...] = (
        (sql.Boolean, pa.bool_()),
        (sql.Integer, pa.int64()),
        (sql.Float, pa.float64()),
        (sql.Numeric, pa.float64()),
        (sql.Date, pa.date32()),
    )
    return next((found for kind, found in known if isinstance(type_, kind)), pa.string())


def database_type(field: pa.Field) -> "TypeEngine[Any]":
    """Return the database type of an Arrow column.

    Raises:
        Problem: If there is none.
    """
    from sqlalchemy import types as sql

    if types.is_timestamp(field.type):
        return sql.DateTime(timezone=field.type.tz is not None)
    known: tuple[tuple[Any, TypeEngine[Any]], ...] = (
        (types.is_boolean, sql.Boolean()),
        (types.is_integer, sql.BigInteger()),
        (types.is_floating, sql.Double()),
        (types.is_date, sql.Date()),
        (types.is_string, sql.Text()),
        (types.is_large_string, sql.Text()),
    )
    for is_one, found in known:
        if is_one(field.type):
            return found
    raise Problem(f"a database cannot store '{field.name}', which is {field.type}: cast or drop it")


def condition(column: "ColumnElement[Any]", filter_: Filter, there: pa.DataType) -> Any:
    """Return a filter as a condition of SQLAlchemy.

    Args:
        column: The column.
        filter_: The filter.
        there: The type of the column in the database.
    """
    from sqlalchemy import String, cast, not_, or_

    value = filter_.typed(there)
    missing: ColumnElement[bool] = column.is_(None)
    if types.is_floating(there):  # databases with NaN sort it above all numbers
        missing = or_(missing, cast(column, String(9)) == "NaN")
    match filter_.op:
        case "missing":
            return missing if value else not_(missing)
        case "in":
            return column.in_(value)
        case _:
            return COMPARE[filter_.op](column, value) & not_(missing)


def guessed(values: Sequence[Any]) -> pa.DataType:
    """Infer the Arrow type of values whose database type is unknown."""
    try:
        return pa.array(values).type
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.string()


def batch(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    """Return rows as a record batch with the columns of a schema, not cast to its types.

    Raises:
        Problem: If a value has no Arrow type.
    """
    try:
        arrays = map(_array, zip(*rows, strict=True), schema.types)
        return pa.RecordBatch.from_arrays(list(arrays), names=schema.names)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
        raise Problem(str(error)) from error


def _array(values: Sequence[Any], type_: pa.DataType) -> pa.Array:
    """Return values as an array; for a text column, values of unknown types are formatted."""
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
        if not types.is_string(type_):
            raise
        return pa.array([None if value is None else str(value) for value in values], type_)
