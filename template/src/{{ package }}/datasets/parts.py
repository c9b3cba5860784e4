"""Writing of a table as several columnar files of bounded size."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

Where = TypeVar("Where", str, Path)


def write_parts(
    paths: Iterator[Where],
    create: Callable[[Where], AbstractContextManager[Any]],
    delete: Callable[[Where], None],
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    most: int,
) -> dict[Where, int]:
    """Write files batch by batch, and return the number of rows of each path, in order.

    If writing fails, all files are deleted. Without batches, no file is written.

    Args:
        paths: The paths to write to.
        create: Opens a path for writing.
        delete: Deletes a path.
        schema: The schema of the rows.
        batches: The rows.
        most: The number of rows after which a file ends; batches are not split.
    """
    parts: dict[Where, int] = {}
    left = iter(batches)
    try:
        while (batch := next(left, None)) is not None:
            path = next(paths)
            parts[path] = 0
            with create(path) as file:
                parts[path] = _fill(file, schema, chain((batch,), left), most)
    except BaseException:
        for path in parts:
            with suppress(FileNotFoundError):
                delete(path)
        raise
    return parts


def _fill(file: Any, schema: pa.Schema, batches: Iterable[pa.RecordBatch], most: int) -> int:
    """Write a file up to its maximum number of rows, and return the number written."""
    rows = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
            if rows >= most:
                break
    return rows
