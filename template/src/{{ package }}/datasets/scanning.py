"""Reading columnar files in the memory of a batch."""

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
    """Read the columns of a schema, cast to its types, of the rows that meet filters.

    Statistics, which leave NaN out, decide what is read; rows are judged after that.

    Threads read ahead of a slow consumer without end, and what is buffered before it is asked for
    stays in memory, so neither is used.
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
        yield passing(batch, where).select(schema.names).cast(schema)
