"""Feather files."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import pyarrow as pa

from ..errors import DataError
from .files import FileDataset


class FeatherDataset(FileDataset):
    """A Feather file, which is an Arrow IPC file.

    Attributes:
        kind: `feather`.
    """

    kind: Literal["feather"] = "feather"

    def there(self) -> pa.Schema:
        """See `Dataset.there`."""
        with self._open() as reader:
            return reader.schema

    def lines(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `FileDataset.lines`."""
        try:
            with self._open() as reader:
                for at in range(reader.num_record_batches):
                    yield reader.get_batch(at).select(schema.names)
        except (pa.ArrowInvalid, OSError) as error:
            raise DataError(f"{self.path}: {error}") from error

    def write_to(self, path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `FileDataset.write_to`."""
        rows = 0
        with pa.ipc.new_file(str(path), schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
                rows += batch.num_rows
        return rows

    def _open(self) -> pa.ipc.RecordBatchFileReader:
        """Open the file for reading."""
        try:
            return pa.ipc.open_file(pa.memory_map(str(self.path)))
        except FileNotFoundError as error:
            raise DataError(f"{self.path}: there is no such file") from error
        except (pa.ArrowInvalid, OSError) as error:
            raise DataError(f"{self.path}: not a readable Feather file: {error}") from error
