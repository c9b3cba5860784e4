"""Casting of rows to the types of a table."""

from collections.abc import Iterable, Iterator

import pyarrow as pa

from ..errors import DataError


def fitting(
    name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Yield batches cast to the types of a table.

    Args:
        name: The name of the table in messages.
        schema: The schema of the table.
        batches: The rows, with the same columns.

    Raises:
        DataError: If a value cannot be cast.
    """
    for batch in batches:
        try:
            cast = batch.cast(schema)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise DataError(f"{name}: {error}") from error
        yield cast
