"""What a dataset is: a table somewhere, read and written as a stream of record batches."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar

import pyarrow as pa
from pydantic import Field

from ..errors import DataError, nearest
from ..schemas.base import Column, arrow, enforce
from ..strategy import Strategy
from .filters import Filter


class Dataset(Strategy, ABC):
    """A table in some format, or some of its rows.

    Attributes:
        suffixes: The file name suffixes of this kind of table, without the dot; none if its tables
            are not files.
        stable_order: Whether each read returns the rows in the same order, whatever columns it
            asks for, as long as the table is unchanged. Where it is false, work that reads rows
            more than once reads a local copy.
        where: Conditions that the rows which are read meet, every one of them.
        limit: How many rows are read at most: the first.
    """

    suffixes: ClassVar[tuple[str, ...]] = ()
    stable_order: ClassVar[bool] = False

    kind: str
    where: tuple[Filter, ...] = ()
    limit: int | None = Field(None, ge=1)

    @property
    @abstractmethod
    def location(self) -> str:
        """What the table is called in messages and records: where it lies, without any secret."""

    @abstractmethod
    def exists(self) -> bool:
        """Tell whether a table is there."""

    @abstractmethod
    def fingerprint(self) -> str | None:
        """Return what changes when the table does; none if that cannot be told."""

    @abstractmethod
    def there(self) -> pa.Schema:
        """Return the columns that are there, of the types that they have there.

        Raises:
            DataError: If there is no such table, or it is not of this format.
        """

    @abstractmethod
    def stream(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Read the columns of a schema, cast to its types, in bounded batches.

        Only rows that meet `where` are given; more than `limit` may be.

        Raises:
            DataError: If the table breaks off, or a value does not fit its type.
        """

    @abstractmethod
    def write(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """Replace the table, all or nothing, and return how many rows were written."""

    @abstractmethod
    def append(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """Add rows to the end of the table, all or nothing, and return how many were added.

        It is made if it is not there. Several processes may do so at once. A column of the table
        that the rows leave out is missing in them.

        Raises:
            DataError: If a table is there, and has not these columns.
        """

    def check(self, schema: pa.Schema) -> pa.Schema:
        """Make sure that the columns of a schema and of the filters are there, and return `there`.

        Raises:
            DataError: If one is missing; it names the nearest that is there.
        """
        there = self.there()
        for name in (*schema.names, *(each.column for each in self.where)):
            if name not in there.names:
                raise DataError(
                    f"{self.location}: no column '{name}'; {nearest(name, there.names)}"
                )
        return there

    def read(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Read the columns of a schema in bounded batches, none of them empty.

        Raises:
            DataError: If a column is missing, a value does not fit, or there is no row.
        """
        self.check(schema)
        rows = 0
        for batch in self.stream(schema):
            if self.limit is not None:
                batch = batch.slice(0, self.limit - rows)  # noqa: PLW2901  (no more than allowed)
            if batch.num_rows:
                rows += batch.num_rows
                yield batch
            if rows == self.limit:
                return
        if not rows:
            raise DataError(f"{self.location}: there are no rows; give a table with at least one")

    def rows(self, *columns: Column) -> Iterator[pa.RecordBatch]:
        """Read columns as the data contract declares them; see `read`.

        Raises:
            DataError: Also if a value breaks a rule of the contract.
        """
        return enforce(self.read(arrow(*columns)), columns, self.location)

    def table(self, schema: pa.Schema) -> pa.Table:
        """Read the columns of a schema whole, into memory; see `read`."""
        return pa.Table.from_batches(self.read(schema), schema)
