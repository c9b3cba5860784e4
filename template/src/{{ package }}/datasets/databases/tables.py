"""What rows are read from and written to."""

from typing import TYPE_CHECKING

import pyarrow as pa

from ...errors import nearest
from .columns import arrow_type, database_type, guessed
from .problems import Missing, Problem

if TYPE_CHECKING:
    from sqlalchemy import Connection, FromClause, Table

FIRST_ROWS = 1_000  # of what a query finds, by which the types of its columns are guessed


def described(connection: "Connection", relation: str) -> "Table":
    """Return a table or view as the database describes it.

    Raises:
        Missing: If it is not there.
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
    """Return the columns of a table as Arrow holds them."""
    return pa.schema({each.name: arrow_type(each.type) for each in table.columns})


def found_by(connection: "Connection", query: str) -> tuple["FromClause", pa.Schema]:
    """Return what a query finds, to be asked further, and its columns."""
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
    """Return the table that rows are written to, which is made if it is not there.

    Args:
        connection: In whose transaction it is made.
        relation: What it is called.
        schema: The columns of the rows.
        replace: Whether it is to be empty; if its columns are others, it is made anew.

    Raises:
        Problem: If it lacks a column, or cannot have one.
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
    """Return a new table, or the one that another process has made meanwhile."""
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
