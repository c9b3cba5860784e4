"""Feather files."""

from collections.abc import Iterable, Iterator
from typing import Literal

import pyarrow as pa

from ..errors import DataError
from ..files import new_file
from .base import Dataset


class FeatherDataset(Dataset):
    """A Feather file, which is an Arrow IPC file.

    Attributes:
        kind: `feather`.
    """

    kind: Literal["feather"]

    def columns(self) -> tuple[str, ...]:
        """See `Dataset.columns`."""
        with self._open() as reader:
            return tuple(reader.schema.names)

    def stream(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `Dataset.stream`."""
        try:
            with self._open() as reader:
                for at in range(reader.num_record_batches):
                    yield reader.get_batch(at).select(schema.names).cast(schema)
        except (pa.ArrowInvalid, OSError) as error:
            raise DataError(f"{self.path}: {error}") from error

    def write(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.write`."""
        rows = 0
        with new_file(self.path) as aside, pa.ipc.new_file(str(aside), schema) as writer:
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
