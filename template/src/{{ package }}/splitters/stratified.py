"""Stratified splitting."""

from typing import Literal

import numpy as np
import pyarrow as pa

from ..schemas.base import Schema
from .base import Positions, Splitter, part


class StratifiedSplitter(Splitter):
    """A random split that preserves class proportions.

    Each class has at least one row in the test set, so many small classes make it larger than
    `test_size`. A class with a single row stays in the training set.
    """

    kind: Literal["stratified"] = "stratified"

    def split(self, table: pa.Table, schema: Schema, seed: int) -> tuple[Positions, Positions]:
        """See `Splitter.split`."""
        labels = table[schema.target.name].combine_chunks().dictionary_encode("encode")
        order = np.random.default_rng(seed).permutation(table.num_rows)
        classes = labels.indices.to_numpy()[order]
        ends = np.cumsum(np.bincount(classes))
        members = np.split(order[np.argsort(classes, kind="stable")], ends[:-1])
        parts = [part(rows, self.test_size) for rows in members if rows.size > 1]
        alone = [rows for rows in members if rows.size == 1]
        if not parts:
            return part(order, self.test_size)
        train = np.concatenate([*(rows for rows, _ in parts), *alone])
        return np.sort(train), np.sort(np.concatenate([rows for _, rows in parts]))
