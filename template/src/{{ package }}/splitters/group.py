"""Parting rows by group."""

from typing import Literal

import numpy as np
import pyarrow as pa

from ..errors import DataError
from ..schemas.base import Schema
from .base import Positions, Splitter, declared


class GroupSplitter(Splitter):
    """Whole groups at random, by the group that the data contract declares.

    Each group in turn is tested on if that brings the rows to test on nearer to their share, so one
    that is too large is learned from. Rows without a group are a group too.
    """

    kind: Literal["group"] = "group"

    def split(self, table: pa.Table, schema: Schema, seed: int) -> tuple[Positions, Positions]:
        """See `Splitter.split`."""
        column = declared(schema.group, "group")
        encoded = table[column.name].combine_chunks().dictionary_encode("encode")
        groups = encoded.indices.to_numpy()
        sizes = np.bincount(groups)
        if sizes.size == 1:
            raise DataError(f"the group '{column.name}' is one and the same in every row")
        order = np.random.default_rng(seed).permutation(sizes.size)
        tested = np.isin(groups, self._draw(order, sizes))
        return np.flatnonzero(~tested), np.flatnonzero(tested)

    def _draw(self, order: Positions, sizes: Positions) -> Positions:
        """Return groups whose rows come near to the share to test on: one at least, never all."""
        wanting = self.test_size * sizes.sum()
        drawn = []
        for group in order[:-1]:
            if sizes[group] < 2 * wanting:
                drawn.append(group)
                wanting -= sizes[group]
        return np.array(drawn or [order[sizes[order].argmin()]])

    def check(self, schema: Schema) -> None:
        """See `Splitter.check`."""
        declared(schema.group, "group")
