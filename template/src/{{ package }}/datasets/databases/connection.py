"""Connections to databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .problems import Missing, Problem

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

PATIENCE = 60  # seconds that a writer waits for SQLite's lock


class Database:
    """A database, without connection pooling.

    Attributes:
        file: The file of an SQLite database.
    """

    def __init__(self, url: str, password: str | None) -> None:
        """Create the engine, without connecting.

        Raises:
            Problem: If SQLAlchemy does not support the database.
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
        """Connect for reading.

        Raises:
            Missing: If the database is a file that does not exist.
        """
        if self.file and not self.file.exists():
            raise Missing("there is no such file")
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, alone: bool) -> Iterator["Connection"]:
        """Connect for writing, in one transaction.

        Args:
            alone: Whether to fail if another process changes the same rows concurrently.
        """
        options: dict[str, Any] = {"writes": True}
        if self.file:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        elif alone:
            options["isolation_level"] = "SERIALIZABLE"
        with self._engine.execution_options(**options).begin() as connection:
            yield connection


def _begin_nothing(connection: Any, _: Any) -> None:
    """Disable the implicit transactions of `sqlite3`, which do not cover CREATE TABLE."""
    connection.isolation_level = None


def _begin(connection: "Connection") -> None:
    """Begin an SQLite transaction; a writing one waits for the lock first."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
