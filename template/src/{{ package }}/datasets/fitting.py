"""Rows as the table that they are added to holds them."""

from collections.abc import Iterable, Iterator

import pyarrow as pa

from ..errors import DataError


def fitting(
    name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Yield batches, cast to the types of a table.

    Args:
        name: What the table is called in messages.
        schema: The columns.
        batches: Which have these columns.

    Raises:
        DataError: If a value does not fit.
    """
    for batch in batches:
        try:
            cast = batch.cast(schema)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise DataError(f"{name}: {error}") from error
        yield cast
