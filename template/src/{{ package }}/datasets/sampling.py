"""Samples: some rows of a table, drawn uniformly in one pass over its batches."""

from collections.abc import Callable, Iterable

import numpy as np
import pyarrow as pa


def draw(
    batches: Iterable[pa.RecordBatch],
    count: int,
    seed: int,
    observe: Callable[[pa.RecordBatch], None] = lambda _: None,
) -> tuple[pa.Table, int]:
    """Draw rows; memory grows with the sample, and not with the table.

    Args:
        batches: The rows, at least one batch of them.
        count: How many are drawn; all, if there are no more.
        seed: What the draw follows from.
        observe: Given each batch.

    Returns:
        The rows that were drawn, in the order they came, and how many there were.
    """
    random = np.random.default_rng(seed)
    keys = np.empty(0)
    kept: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        observe(batch)
        rows += batch.num_rows
        keys = np.concatenate([keys, random.random(batch.num_rows)])
        drawn = np.sort(np.argsort(keys, kind="stable")[:count])  # the smallest, whatever comes
        keys = keys[drawn]
        table = pa.Table.from_batches([*kept, batch]).take(drawn)
        kept = table.combine_chunks().to_batches()
    return pa.Table.from_batches(kept), rows
