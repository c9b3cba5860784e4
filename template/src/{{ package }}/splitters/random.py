"""Random splitting."""

from typing import Literal

import numpy as np
import pyarrow as pa

from ..schemas.base import Schema
from .base import Positions, Splitter, part


class RandomSplitter(Splitter):
    """A random split."""

    kind: Literal["random"] = "random"

    def split(self, table: pa.Table, schema: Schema, seed: int) -> tuple[Positions, Positions]:
        """See `Splitter.split`."""
        del schema
        order = np.random.default_rng(seed).permutation(table.num_rows)
        return part(order, self.test_size)
