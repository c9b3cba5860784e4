"""Connections to databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .problems import Missing, Problem

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

PATIENCE = 60  # seconds that one who writes to SQLite waits for the others


class Database:
    """A database, to which each connection is a new one.

    Attributes:
        file: Where it lies, if it is one of SQLite's.
    """

    def __init__(self, url: str, password: str | None) -> None:
        """Name it; nothing is connected yet.

        Raises:
            Problem: If it is none that SQLAlchemy knows.
        """
        from sqlalchemy import create_engine, event, make_url
        from sqlalchemy.exc import ArgumentError, NoSuchModuleError
        from sqlalchemy.pool import NullPool

        try:
            full = make_url(url)
            full = full.set(password=password) if password else full
            is_sqlite = full.get_backend_name() == "sqlite"
            arguments = {"timeout": PATIENCE} if is_sqlite else {}
            self._engine: Engine = create_engine(
                full, poolclass=NullPool, hide_parameters=True, connect_args=arguments
            )
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise Problem(str(error)) from error
        self.file = Path(full.database) if is_sqlite and full.database else None
        if is_sqlite:
            event.listen(self._engine, "connect", _begin_nothing)
            event.listen(self._engine, "begin", _begin)

    @contextmanager
    def reading(self) -> Iterator["Connection"]:
        """Connect to read.

        Raises:
            Missing: If the database is a file that is not there.
        """
        if self.file and not self.file.exists():
            raise Missing("there is no such file")
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, alone: bool) -> Iterator["Connection"]:
        """Connect to write, in one transaction.

        Args:
            alone: Whether it fails if another process changes the same rows meanwhile.
        """
        options: dict[str, Any] = {"writes": True}
        if self.file:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        elif alone:
            options["isolation_level"] = "SERIALIZABLE"
        with self._engine.execution_options(**options).begin() as connection:
            yield connection


def _begin_nothing(connection: Any, _: Any) -> None:
    """Keep Python's SQLite from beginning transactions, for it leaves out what makes a table."""
    connection.isolation_level = None


def _begin(connection: "Connection") -> None:
    """Begin a transaction of SQLite; one that writes waits for the others first."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
