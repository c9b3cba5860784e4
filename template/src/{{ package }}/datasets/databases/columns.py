"""How the types and values of a database and those of Arrow meet."""

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
    """Return as what Arrow holds values of a type; as text, if it has no better."""
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
    """Return as what a database holds a column of Arrow.

    Raises:
        Problem: If it cannot.
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
    raise Problem(f"a database cannot hold '{field.name}', which is {field.type}: cast or drop it")


def condition(column: "ColumnElement[Any]", filter_: Filter, there: pa.DataType) -> Any:
    """Return a filter as the database judges it.

    Args:
        column: What is judged.
        filter_: How.
        there: Of which type the column is there.
    """
    from sqlalchemy import String, cast, not_, or_

    value = filter_.typed(there)
    missing: ColumnElement[bool] = column.is_(None)
    if types.is_floating(there):  # databases that know NaN take it for the greatest number
        missing = or_(missing, cast(column, String(9)) == "NaN")
    match filter_.op:
        case "missing":
            return missing if value else not_(missing)
        case "in":
            return column.in_(value)
        case _:
            return COMPARE[filter_.op](column, value) & not_(missing)


def guessed(values: Sequence[Any]) -> pa.DataType:
    """Return the type of values of which the database does not tell."""
    try:
        return pa.array(values).type
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.string()


def batch(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    """Return rows as Arrow holds them, cast to the types of a schema.

    Raises:
        Problem: If a value does not fit.
    """
    try:
        arrays = map(_array, zip(*rows, strict=True), schema.types)
        return pa.RecordBatch.from_arrays(list(arrays), schema=schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
        raise Problem(str(error)) from error


def _array(values: Sequence[Any], type_: pa.DataType) -> pa.Array:
    """Return values as Arrow holds them; what it does not know, as text if that is asked for."""
    try:
        return pa.array(values).cast(type_)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
        if not types.is_string(type_):
            raise
        return pa.array([None if value is None else str(value) for value in values], type_)
