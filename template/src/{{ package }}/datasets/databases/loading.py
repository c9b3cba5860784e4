"""Bulk loading of rows into a database table."""

from typing import TYPE_CHECKING

import pyarrow as pa

from .problems import Problem
from .tables import columns

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

AT_ONCE = 20_000  # rows


def load(connection: "Connection", table: "Table", rows: pa.RecordBatch) -> None:
    """Insert rows into a table by the fastest method of the database.

    For PostgreSQL this is COPY, unless a column must be converted, which COPY cannot do.
    See https://www.postgresql.org/docs/current/populate.html.

    Raises:
        Problem: If COPY fails.
    """
    from sqlalchemy import insert

    copies = connection.dialect.driver == "psycopg" and _fits(table, rows.schema)
    for start in range(0, rows.num_rows, AT_ONCE):
        some = rows.slice(start, AT_ONCE)
        if copies:
            _copy(connection, table, some)
        else:
            connection.execute(insert(table), some.to_pylist())


def _fits(table: "Table", schema: pa.Schema) -> bool:
    """Return whether a schema has the types of the table's columns."""
    there = columns(table)
    return all(there.field(each.name).type == each.type for each in schema)


def _copy(connection: "Connection", table: "Table", rows: pa.RecordBatch) -> None:
    """Insert rows into a PostgreSQL table by COPY."""
    quote = connection.dialect.identifier_preparer
    names = ", ".join(quote.format_column(table.c[name]) for name in rows.schema.names)
    statement = f"COPY {quote.format_table(table)} ({names}) FROM STDIN"
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(statement) as copy:
            for row in zip(*(column.to_pylist() for column in rows.columns), strict=True):
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:
        raise Problem(str(error)) from error
    finally:
        cursor.close()
