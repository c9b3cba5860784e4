"""Columnar files that together are a table, each of bounded length."""

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
    """Write files, a batch at a time, and return the rows of each, by its path, in order.

    If that breaks off, none is left; without any batch, there is none.

    Args:
        paths: Where they are to lie.
        create: Gives what Arrow writes one to.
        delete: Deletes one.
        schema: The columns.
        batches: The rows.
        most: How many rows a file holds, but for the rest of a batch.
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
    """Write a file of as many rows as it may hold, and return how many."""
    rows = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
            if rows >= most:
                break
    return rows
