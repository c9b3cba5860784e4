"""Scans of columnar files in bounded memory."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from .filters import Filter, expression, passing, told

if TYPE_CHECKING:
    import pyarrow.dataset as ds

BATCH_ROWS = 65_536


def scan(
    files: "ds.Dataset", schema: pa.Schema, where: Sequence[Filter]
) -> Iterator[pa.RecordBatch]:
    """Yield the columns that a schema names, for the rows that meet filters.

    File statistics, which do not count NaN, prune row groups; then rows are filtered exactly.

    Threads and pre-buffering are disabled: with a slow consumer, both use unbounded memory.
    """
    import pyarrow.dataset as ds

    for batch in files.to_batches(
        columns=list(dict.fromkeys([*schema.names, *(each.column for each in where)])),
        filter=expression(told(where, files.schema), files.schema),
        batch_size=BATCH_ROWS,
        batch_readahead=0,
        fragment_readahead=1,
        fragment_scan_options=ds.ParquetFragmentScanOptions(pre_buffer=False),
        use_threads=False,
    ):
        yield passing(batch, where).select(schema.names)
