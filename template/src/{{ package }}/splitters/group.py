"""Parting rows by group."""

from typing import Literal

import numpy as np
import pyarrow as pa

from ..contract import Schema
from ..errors import DataError
from .base import Rows, Splitter


class GroupSplitter(Splitter):
    """Whole groups at random, by the group that the data contract declares.

    Groups are drawn until they hold the share of the rows to test on; a missing group is one too.
    """

    kind: Literal["group"]

    def split(self, table: pa.Table, schema: Schema, seed: int) -> tuple[Rows, Rows]:
        """See `Splitter.split`."""
        if schema.group is None:
            raise DataError("splitter: the data contract declares no group: set it in schema.py")
        encoded = table[schema.group.name].combine_chunks().dictionary_encode("encode")
        groups = encoded.indices.to_numpy()
        sizes = np.bincount(groups)
        if sizes.size == 1:
            raise DataError(f"the group '{schema.group.name}' is one and the same in every row")
        order = np.random.default_rng(seed).permutation(sizes.size)
        drawn = np.searchsorted(np.cumsum(sizes[order]), self.test_size * groups.size) + 1
        tested = np.isin(groups, order[: min(drawn, sizes.size - 1)])
        return np.flatnonzero(~tested), np.flatnonzero(tested)
