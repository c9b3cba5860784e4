"""The interface of datasets that are stored in files."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import ClassVar

import pyarrow as pa

from ..casting import cast
from ..errors import DataError
from ..files import fingerprint, longer_file, new_file
from ..location import Location
from .base import Dataset
from .filters import passing


class FileDataset(Dataset, ABC):
    """A table that is stored in a file.

    Attributes:
        path: The file; a relative path is relative to the working directory.
    """

    stable_order: ClassVar[bool] = True

    path: Location

    @property
    def location(self) -> str:
        """See `Dataset.location`."""
        return str(self.path)

    def exists(self) -> bool:
        """See `Dataset.exists`."""
        return self.path.exists()

    def paths(self) -> tuple[Path, ...]:
        """See `Dataset.paths`."""
        return (self.path,)

    def check_output(self) -> None:
        """See `Dataset.check_output`; a folder or a device cannot be replaced by a file."""
        if self.path.exists() and not self.path.is_file():
            raise DataError(f"{self.location}: it is not a file: write to another path")

    def fingerprint(self) -> str:
        """See `Dataset.fingerprint`."""
        try:
            return fingerprint(self.path)
        except OSError as error:
            raise DataError(f"{self.location}: it cannot be read: {error.strerror}") from error

    @abstractmethod
    def lines(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield the columns that a schema names for all rows, in bounded batches.

        Their types are those of the file, or already those of the schema.

        Raises:
            DataError: If the file is truncated, or a value cannot be read.
        """

    @abstractmethod
    def write_to(self, path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """Write a file, and return the number of rows written."""

    def lengthen(self, path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """Write a file with the existing rows and further ones; return the number of the latter.

        Types are widened where the further rows require it.

        Raises:
            DataError: If the types of the rows are incompatible with those of the file.
        """
        rows = 0

        def further(types: pa.Schema) -> Iterator[pa.RecordBatch]:
            nonlocal rows
            for batch in batches:
                rows += batch.num_rows
                yield batch.cast(types)

        try:
            wide = pa.unify_schemas([self.there(), schema], promote_options="permissive")
            known = (batch.cast(wide) for batch in self.lines(wide))
            self.write_to(path, wide, chain(known, further(wide)))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
            raise DataError(f"{self.location}: {error}") from error
        return rows

    def stream(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `Dataset.stream`; columns that only filters use are read and dropped."""
        if not self.where:
            yield from self.lines(schema)
            return
        there, wide, first = self.there(), schema, 0
        for each in self.where:
            if each.column not in wide.names:
                wide = wide.append(there.field(each.column))
        for batch in self.lines(wide):
            typed = cast(batch, wide, self.location, first)
            first += batch.num_rows
            yield passing(typed, self.where).select(schema.names)

    def write(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.write`."""
        self.check_output()
        with new_file(self.path) as aside:
            return self.write_to(aside, schema, batches)

    def append(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.append`; a longer file replaces the file."""
        with longer_file(self.path) as aside:
            if not self.exists():
                return self.write_to(aside, schema, batches)
            given = {field.name: field for field in schema}
            whole = pa.schema([given.get(field.name, field) for field in self.check(schema)])
            return self.lengthen(aside, whole, (_completed(batch, whole) for batch in batches))


def _completed(rows: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return rows with all columns of a schema; absent ones are filled with missing values."""
    columns = [
        rows[field.name] if field.name in rows.schema.names else pa.nulls(len(rows), field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
