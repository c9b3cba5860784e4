"""Uniform random samples of a table, in one pass over its batches."""

from collections.abc import Callable, Iterable

import numpy as np
import pyarrow as pa


def draw(
    batches: Iterable[pa.RecordBatch],
    count: int,
    seed: int,
    observe: Callable[[pa.RecordBatch], None] = lambda _: None,
) -> tuple[pa.Table, int]:
    """Draw a uniform sample without replacement, in memory proportional to the sample.

    Args:
        batches: The rows, at least one batch of them.
        count: The sample size; a smaller table is returned whole.
        seed: The random seed.
        observe: Called with each batch.

    Returns:
        The sample, in the order of the rows, and the number of rows of the table.
    """
    random = np.random.default_rng(seed)
    keys = np.empty(0)
    kept: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        observe(batch)
        rows += batch.num_rows
        keys = np.concatenate([keys, random.random(batch.num_rows)])
        drawn = np.sort(np.argsort(keys, kind="stable")[:count])  # the smallest keys
        keys = keys[drawn]
        table = pa.Table.from_batches([*kept, batch]).take(drawn)
        kept = table.combine_chunks().to_batches()
    return pa.Table.from_batches(kept), rows
