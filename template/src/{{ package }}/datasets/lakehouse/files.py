"""Writing of data files for Iceberg tables."""

import time
from collections.abc import Iterable
from itertools import count
from typing import TYPE_CHECKING
from uuid import uuid4

import pyarrow as pa

from ..parts import write_parts

if TYPE_CHECKING:
    from pyiceberg.table import Table

FILE_ROWS = 250_000  # a reader loads a whole file into memory


def write_files(
    table: "Table", schema: pa.Schema, batches: Iterable[pa.RecordBatch]
) -> dict[str, int]:
    """Write data files into a table's location, and return the rows of each; names sort by time."""
    run = f"{time.time_ns()}-{uuid4().hex[:8]}"
    located = table.location_provider().new_data_location
    return write_parts(
        (located(f"{run}-{number:05}.parquet") for number in count()),
        lambda path: table.io.new_output(path).create(),
        table.io.delete,
        schema,
        batches,
        FILE_ROWS,
    )
