"""The dataset interface: a table that is read and written as a stream of record batches.

A custom implementation::

    from collections.abc import Iterable, Iterator
    from typing import ClassVar, Literal

    import pyarrow as pa

    from .base import Dataset

    TABLES: dict[str, pa.Table] = {}

    class MemoryDataset(Dataset):
        stable_order: ClassVar[bool] = True
        kind: Literal["memory"] = "memory"
        key: str

        @property
        def location(self) -> str:
            return f"{self.key} in memory"

        def exists(self) -> bool:
            return self.key in TABLES

        def fingerprint(self) -> str | None:
            return None

        def there(self) -> pa.Schema:
            return TABLES[self.key].schema

        def stream(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
            yield from TABLES[self.key].select(schema.names).to_batches()

        def write(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
            TABLES[self.key] = pa.Table.from_batches(batches, schema)
            return TABLES[self.key].num_rows

        def append(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
            raise NotImplementedError

Its configuration::

    data:
      kind: memory
      key: sales
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
from pydantic import Field

from ..casting import cast
from ..errors import DataError, nearest
from ..schemas.base import Column, arrow
from ..strategy import Strategy
from .contract import enforce
from .filters import Filter
from .overlapping import overlap


class Dataset(Strategy, ABC):
    """A table, optionally restricted to some of its rows.

    Attributes:
        suffixes: The file name suffixes of this kind of table, without the dot; empty if its
            tables are not files.
        stable_order: Whether each read of an unchanged table returns the rows in the same order,
            for any selection of columns. If false, code that reads rows more than once reads a
            local copy.
        where: Filters; only rows that meet all of them are read.
        limit: The maximum number of rows to read, from the start.
    """

    suffixes: ClassVar[tuple[str, ...]] = ()
    stable_order: ClassVar[bool] = False

    kind: str
    where: tuple[Filter, ...] = ()
    limit: int | None = Field(None, ge=1)

    @property
    @abstractmethod
    def location(self) -> str:
        """The location of the table for messages and records, without any secret."""

    @abstractmethod
    def exists(self) -> bool:
        """Return whether the table exists."""

    def paths(self) -> tuple[Path, ...]:
        """Return the files and folders that hold the table; none if they are unknown."""
        return ()

    def overlaps(self, other: "Dataset") -> bool:
        """Return whether writing this table could change another."""
        same = type(self) is type(other) and self.location == other.location
        return same or overlap(self.paths(), other.paths())

    def check_output(self) -> None:
        """Raise a `DataError` if the table cannot be written, before its rows are computed."""

    @abstractmethod
    def fingerprint(self) -> str | None:
        """Return a text that changes when the table does, or `None` if changes are unknown."""

    @abstractmethod
    def there(self) -> pa.Schema:
        """Return the stored schema of the table.

        Raises:
            DataError: If the table does not exist, or has another format.
        """

    def unchanged(self) -> pa.Schema:
        """Return the types with which columns can be copied unchanged; by default, `there`."""
        return self.there()

    @abstractmethod
    def stream(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield the columns that a schema names, in batches of bounded size.

        Their types are those of the table, or already those of the schema; `read` casts them. Only
        rows that meet `where` are yielded; `limit` may be exceeded.

        Raises:
            DataError: If the table is truncated, or a value cannot be read.
        """

    @abstractmethod
    def write(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """Replace the table atomically, and return the number of rows written."""

    @abstractmethod
    def append(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """Append rows to the table atomically, and return the number of rows appended.

        The table is created if it does not exist. Several processes may append concurrently.
        Columns of the table that the rows lack are filled with missing values.

        Raises:
            DataError: If the table exists and lacks one of the columns.
        """

    def check(self, schema: pa.Schema) -> pa.Schema:
        """Check that the columns of a schema and of the filters exist, and return `there`.

        Raises:
            DataError: If a column is missing, with the closest name, or occurs more than once.
        """
        there = self.there()
        for name in (*schema.names, *(each.column for each in self.where)):
            if name not in there.names:
                reason = f"no column '{name}'; {nearest(name, there.names)}"
                raise DataError(f"{self.location}: {reason}")
            if (count := there.names.count(name)) > 1:
                reason = f"{count} columns are named '{name}': rename all but one"
                raise DataError(f"{self.location}: {reason}")
        return there

    def read(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield the columns of a schema, cast to its types, in non-empty batches of bounded size.

        Raises:
            DataError: If a column is missing, a value cannot be cast, or no row matches.
        """
        self.check(schema)
        rows = 0
        for batch in self.stream(schema):
            if self.limit is not None:
                batch = batch.slice(0, self.limit - rows)  # noqa: PLW2901  (truncated to the limit)
            if batch.num_rows:
                yield cast(batch, schema, self.location, rows)
                rows += batch.num_rows
            if rows == self.limit:
                return
        if not rows:
            raise DataError(f"{self.location}: no rows to read: provide at least one")

    def rows(self, *columns: Column, keep: Collection[str] = ()) -> Iterator[pa.RecordBatch]:
        """Yield columns as the data contract declares them, and others unchanged; see `read`.

        Raises:
            DataError: Also if a value violates the data contract.
        """
        schema = arrow(*columns)
        if others := [name for name in dict.fromkeys(keep) if name not in schema.names]:
            self.check(pa.schema([(name, pa.null()) for name in others]))
            unchanged = self.unchanged()
            schema = pa.schema([*schema, *(unchanged.field(name) for name in others)])
        return enforce(self.read(schema), columns, self.location)

    def table(self, schema: pa.Schema) -> pa.Table:
        """Return the columns of a schema as one in-memory table; see `read`."""
        return pa.Table.from_batches(self.read(schema), schema)
