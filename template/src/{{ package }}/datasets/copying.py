"""A local copy of a dataset, for work that reads the same rows more than once."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pyarrow as pa

from ..progress import progress
from .base import Dataset
from .files import FileDataset


class LocalCopy(FileDataset):
    """The rows of another dataset, in a local Arrow file.

    Attributes:
        kind: `copy`; no configuration can name it.
        source: The location of the dataset that was copied, which messages name.
    """

    kind: Literal["copy"] = "copy"
    source: str

    @property
    def location(self) -> str:
        """See `Dataset.location`: that of the source."""
        return self.source

    def there(self) -> pa.Schema:
        """See `Dataset.there`."""
        with self._open() as reader:
            return reader.schema

    def lines(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `FileDataset.lines`; only the columns of the schema are read."""
        there = self.there()
        wanted = [there.get_field_index(name) for name in schema.names]
        with self._open(wanted) as reader:
            for number in range(reader.num_record_batches):
                yield reader.get_batch(number).select(schema.names)

    def write_to(self, path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `FileDataset.write_to`."""
        rows = 0
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with pa.ipc.new_file(str(path), schema, options=options) as writer:
            for batch in batches:
                writer.write_batch(batch)
                rows += batch.num_rows
        return rows

    @contextmanager
    def _open(self, columns: list[int] | None = None) -> Iterator[pa.ipc.RecordBatchFileReader]:
        """Open the file for reading columns by their positions, or all of them."""
        options = pa.ipc.IpcReadOptions(included_fields=columns)
        with pa.OSFile(str(self.path)) as file, pa.ipc.open_file(file, options=options) as reader:
            yield reader


def in_stable_order(dataset: Dataset, schema: pa.Schema, folder: Path) -> Dataset:
    """Return a dataset that returns its rows in the same order whenever it is read.

    Args:
        dataset: The dataset; it is copied unless its own order is stable.
        schema: The columns to copy.
        folder: A local folder for the copy, which the caller removes.

    Raises:
        DataError: If the dataset cannot be read.
        ProjectError: If the disk is full.
    """
    if dataset.stable_order:
        return dataset
    copy = LocalCopy(path=folder / "rows.arrow", source=dataset.location)
    with progress(f"copying {dataset.location}") as advance:
        advance(copy.write(schema, dataset.read(schema)))
    return copy
