"""Parquet files."""

from collections.abc import Iterable, Iterator
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import DataError
from ..files import new_file
from .base import Dataset

BATCH_ROWS = 65_536


class ParquetDataset(Dataset):
    """A Parquet file.

    Attributes:
        kind: `parquet`.
        compression: The codec of the files it writes.
    """

    kind: Literal["parquet"]
    compression: Literal["zstd", "snappy", "gzip", "none"] = "zstd"

    def columns(self) -> tuple[str, ...]:
        """See `Dataset.columns`."""
        with self._open() as file:
            return tuple(file.schema_arrow.names)

    def stream(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `Dataset.stream`."""
        with self._open() as file:
            try:
                for batch in file.iter_batches(BATCH_ROWS, columns=schema.names):
                    yield batch.select(schema.names).cast(schema)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
                raise DataError(f"{self.path}: {error}") from error

    def write(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.write`."""
        rows = 0
        with (
            new_file(self.path) as aside,
            pq.ParquetWriter(aside, schema, compression=self.compression) as writer,
        ):
            for batch in batches:
                writer.write_batch(batch)
                rows += batch.num_rows
        return rows

    def _open(self) -> pq.ParquetFile:
        try:
            return pq.ParquetFile(self.path)
        except FileNotFoundError as error:
            raise DataError(f"{self.path}: there is no such file") from error
        except (pa.ArrowInvalid, OSError) as error:
            raise DataError(f"{self.path}: not a whole Parquet file: {error}") from error
