"""Tables of SQL databases."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import pyarrow as pa
from pydantic import Field, field_validator, model_validator

from ..errors import ConfigurationError, DataError, nearest
from ..files import sha256, url_of
from ..secrets import states_secret, without_user
from .base import Dataset
from .databases.columns import batch, condition
from .databases.connection import Database
from .databases.loading import load
from .databases.problems import Missing, Problem
from .databases.tables import columns, described, found_by, target

if TYPE_CHECKING:
    from sqlalchemy import Connection, FromClause, Select

BATCH_ROWS = 20_000


class SqlDataset(Dataset):
    """A table, a view or the result of a query, in a database that SQLAlchemy supports.

    Reads only the requested columns and rows, through a server-side cursor. Each write and each
    append is one transaction.

    Attributes:
        kind: `sql`.
        url: The database URL of SQLAlchemy, without a password.
        password_variable: The environment variable that holds the password, if one is needed.
        relation: The table or view, as `name` or `schema.name`.
        query: A query to read from instead of a table.
        order: The columns to sort by; by default, the order is that of the database.
    """

    kind: Literal["sql"] = "sql"
    url: str = Field(pattern=r"^[a-z][\w+]*://")
    password_variable: str | None = Field(None, pattern=r"^[A-Za-z_]\w*$")
    relation: str | None = Field(None, pattern=r"^[^.]+(\.[^.]+)?$")
    query: str | None = None
    order: tuple[str, ...] = ()

    @field_validator("url")
    @classmethod
    def _check_url(cls, url: str) -> str:
        if states_secret(url):
            raise ValueError(
                "it contains a secret, which would be recorded: remove it, and set"
                " 'password_variable' to the environment variable that holds the password"
            )
        return url

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if (self.relation is None) == (self.query is None):
            raise ValueError("set either 'relation' or 'query'")
        return self

    @property
    def location(self) -> str:
        """See `Dataset.location`; a query may contain secrets, so only its hash is shown."""
        said = hashlib.sha256((self.query or "").encode()).hexdigest()
        what = self.relation or f"query {said[:8]}"
        return f"{what} in {self.url}"

    def exists(self) -> bool:
        """See `Dataset.exists`."""
        with self._named():
            try:
                with self._database().reading() as connection:
                    self._source(connection)
            except Missing:
                return False
        return True

    def paths(self) -> tuple[Path, ...]:
        """See `Dataset.paths`: the file of an SQLite database."""
        with self._named():
            file = self._database().file
        return (file,) if file else ()

    def overlaps(self, other: Dataset) -> bool:
        """See `Dataset.overlaps`; a query overlaps the tables that it mentions."""
        if not isinstance(other, SqlDataset):
            return super().overlaps(other)
        name = (self.relation or "").rpartition(".")[2]
        theirs = other.query or other.relation or ""
        mentioned = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", theirs, re.IGNORECASE)
        return bool(name and mentioned) and self._server() == other._server()

    def check_output(self) -> None:
        """See `Dataset.check_output`."""
        if self.relation is None:
            raise DataError(f"{self.location}: a query is read-only: set 'relation' to write")

    def fingerprint(self) -> str | None:
        """See `Dataset.fingerprint`: the SHA-256 of an SQLite file; `None` for other databases."""
        with self._named():
            file = self._database().file
        return sha256(file) if file else None

    def there(self) -> pa.Schema:
        """See `Dataset.there`."""
        with self._named(), self._database().reading() as connection:
            return self._source(connection)[1]

    def stream(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `Dataset.stream`."""
        with self._named(), self._database().reading() as connection:
            statement = self._statement(schema.names, *self._source(connection))
            streaming = connection.execution_options(stream_results=True, yield_per=BATCH_ROWS)
            for rows in streaming.execute(statement).partitions():
                yield batch(rows, schema)

    def write(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.write`; a table with the same columns keeps its indexes and privileges."""
        return self._load(schema, batches, replace=True)

    def append(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.append`."""
        return self._load(schema, batches, replace=False)

    def _load(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch], *, replace: bool) -> int:
        """Write rows in one transaction, and return their number."""
        self.check_output()
        rows = 0
        with self._named(), self._database().writing(alone=replace) as connection:
            table = target(connection, self.relation or "", schema, replace=replace)
            for each in batches:
                load(connection, table, each)
                rows += each.num_rows
        return rows

    def _source(self, connection: "Connection") -> tuple["FromClause", pa.Schema]:
        """Return the table or subquery to read from, and its schema."""
        if self.query:
            return found_by(connection, self.query)
        table = described(connection, self.relation or "")
        return table, columns(table)

    def _statement(self, names: list[str], source: "FromClause", there: pa.Schema) -> "Select[Any]":
        """Return the SELECT statement."""
        from sqlalchemy import select

        for name in self.order:
            if name not in there.names:
                raise Problem(f"no column '{name}'; {nearest(name, there.names)}")
        return (
            select(*(source.c[name] for name in names))
            .where(
                *(
                    condition(source.c[each.column], each, there.field(each.column).type)
                    for each in self.where
                )
            )
            .order_by(*(source.c[name] for name in self.order))
            .limit(self.limit)
        )

    def _server(self) -> str:
        """Return the file or the address of the database."""
        if paths := self.paths():
            return url_of(paths[0])
        return without_user(self.url).partition("://")[2].partition("?")[0]

    def _database(self) -> Database:
        """Return the database.

        Raises:
            ConfigurationError: If the environment variable of the password is not set.
        """
        password = None
        if self.password_variable and not (password := os.environ.get(self.password_variable)):
            raise ConfigurationError(
                f"{self.location}: the environment variable {self.password_variable} is not set:"
                " set it to the password of the database"
            )
        return Database(self.url, password)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Convert errors of SQLAlchemy into a `DataError` that names the table."""
        from sqlalchemy.exc import DBAPIError, SQLAlchemyError

        try:
            yield
        except (Problem, SQLAlchemyError) as error:
            told = str(error.orig if isinstance(error, DBAPIError) else error)
            if self.query:  # further lines show it, and it may contain secrets
                told = told.partition("\n")[0]
            raise DataError(f"{self.location}: {told}") from error
