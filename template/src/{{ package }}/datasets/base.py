"""What a dataset is: a table somewhere, read and written as a stream of record batches."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from ..errors import DataError, nearest
from ..strategy import Strategy


class Dataset(Strategy, ABC):
    """A table in some format.

    Attributes:
        path: The file it lies in, relative to where the program runs.
    """

    kind: str
    path: Path

    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns that are there, reading no row.

        Raises:
            DataError: If there is no such file, or it is not of this format.
        """

    @abstractmethod
    def stream(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Read the columns of a schema, cast to its types, in bounded batches.

        Raises:
            DataError: If the file breaks off, or a value does not fit its type.
        """

    @abstractmethod
    def write(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """Replace the table, all or nothing, and return how many rows were written."""

    def check(self, schema: pa.Schema) -> None:
        """Make sure that the columns of a schema are there, reading no row.

        Raises:
            DataError: If one is missing; it names the nearest that is there.
        """
        there = self.columns()
        for name in schema.names:
            if name not in there:
                raise DataError(f"{self.path}: no column '{name}'; {nearest(name, there)}")

    def read(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Read the columns of a schema in bounded batches, none of them empty.

        Raises:
            DataError: If a column is missing, a value does not fit, or there is no row.
        """
        self.check(schema)
        rows = 0
        for batch in self.stream(schema):
            if batch.num_rows:
                rows += batch.num_rows
                yield batch
        if not rows:
            raise DataError(f"{self.path}: there are no rows; give a table with at least one")

    def table(self, schema: pa.Schema) -> pa.Table:
        """Read the columns of a schema whole, into memory; see `read`."""
        return pa.Table.from_batches(self.read(schema), schema)
