"""Tables, views and queries of a database."""

from typing import TYPE_CHECKING

import pyarrow as pa

from ...errors import nearest
from .columns import arrow_type, database_type, guessed
from .problems import Missing, Problem

if TYPE_CHECKING:
    from sqlalchemy import Connection, FromClause, Table

FIRST_ROWS = 1_000  # of a query, to infer its column types from


def described(connection: "Connection", relation: str) -> "Table":
    """Return a table or view, reflected from the database.

    Raises:
        Missing: If it does not exist.
    """
    from sqlalchemy import MetaData, Table
    from sqlalchemy.exc import NoSuchTableError

    schema, _, name = relation.rpartition(".")
    try:
        return Table(
            name,
            MetaData(),
            schema=schema or None,
            autoload_with=connection,
            resolve_fks=False,
        )
    except NoSuchTableError as error:
        raise Missing("there is no such table") from error


def columns(table: "Table") -> pa.Schema:
    """Return the Arrow schema of a table."""
    return pa.schema({each.name: arrow_type(each.type) for each in table.columns})


def found_by(connection: "Connection", query: str) -> tuple["FromClause", pa.Schema]:
    """Return a query as a subquery, and its Arrow schema."""
    from sqlalchemy import column, select, text

    plain = query.rstrip().removesuffix(";").replace(":", r"\:")
    found = text(f"{plain}\n")
    first = select(text("*")).select_from(found.columns().subquery("found")).limit(FIRST_ROWS)
    result = connection.execute(first)
    names, rows = list(result.keys()), result.all()
    values = zip(*rows, strict=True) if rows else ((),) * len(names)
    there = {name: guessed(each) for name, each in zip(names, values, strict=True)}
    return found.columns(*map(column, names)).subquery("found"), pa.schema(there)


def target(connection: "Connection", relation: str, schema: pa.Schema, *, replace: bool) -> "Table":
    """Return the table to write to, created if it does not exist.

    Args:
        connection: The connection, in a transaction.
        relation: The name of the table.
        schema: The schema of the rows.
        replace: Whether to empty the table, or recreate it if its columns differ.

    Raises:
        Problem: If the table lacks a column, or a type is not supported.
    """
    from sqlalchemy import Column, MetaData, Table, delete

    namespace, _, name = relation.rpartition(".")
    made = [Column(each.name, database_type(each)) for each in schema]
    new = Table(name, MetaData(), *made, schema=namespace or None)
    try:
        there = described(connection, relation)
    except Missing:
        return _made(connection, relation, new)
    if replace and columns(there) == columns(new):
        connection.execute(delete(there))
    elif replace:
        there.drop(connection)
        new.create(connection)
        return new
    for column in schema.names:
        if column not in there.c:
            raise Problem(f"no column '{column}'; {nearest(column, there.c.keys())}")
    return there


def _made(connection: "Connection", relation: str, new: "Table") -> "Table":
    """Create a table, or return the one that another process created concurrently."""
    from sqlalchemy.exc import DBAPIError

    try:
        with connection.begin_nested():
            new.create(connection)
    except DBAPIError as error:
        try:
            return described(connection, relation)
        except Missing:
            raise error from None
    return new
