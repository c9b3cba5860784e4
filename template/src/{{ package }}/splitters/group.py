"""Splitting by group."""

from typing import Literal

import numpy as np
import pyarrow as pa

from ..errors import DataError
from ..schemas.base import Schema
from .base import Positions, Splitter, declared


class GroupSplitter(Splitter):
    """A random split of whole groups, by the group column that the schema declares.

    Groups are visited in random order, and each joins the test set if that brings its size closer
    to `test_size`; so a group that is too large stays in the training set. Rows without a group
    form a group of their own.
    """

    kind: Literal["group"] = "group"

    def split(self, table: pa.Table, schema: Schema, seed: int) -> tuple[Positions, Positions]:
        """See `Splitter.split`."""
        column = declared(schema.group, "group")
        encoded = table[column.name].combine_chunks().dictionary_encode("encode")
        groups = encoded.indices.to_numpy()
        sizes = np.bincount(groups)
        if sizes.size == 1:
            raise DataError(f"the group '{column.name}' has the same value in every row")
        order = np.random.default_rng(seed).permutation(sizes.size)
        tested = np.isin(groups, self._draw(order, sizes))
        return np.flatnonzero(~tested), np.flatnonzero(tested)

    def _draw(self, order: Positions, sizes: Positions) -> Positions:
        """Return the groups of the test set: at least one, and never all."""
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
