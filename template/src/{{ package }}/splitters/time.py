"""Splitting by time."""

from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa

from ..errors import DataError
from ..schemas.base import Schema
from .base import Positions, Splitter, declared, part


class TimeSplitter(Splitter):
    """The latest rows form the test set, by the time column that the schema declares."""

    kind: Literal["time"] = "time"
    random: ClassVar[bool] = False

    def split(self, table: pa.Table, schema: Schema, seed: int) -> tuple[Positions, Positions]:
        """See `Splitter.split`; it is deterministic, and equal times keep their order."""
        del seed
        column = declared(schema.time, "time")
        times = table[column.name]
        if times.null_count:
            raise DataError(f"the time '{column.name}' is missing in {times.null_count} rows")
        order = np.argsort(times.cast(pa.int64()).to_numpy(), kind="stable")
        return part(order[::-1], self.test_size)

    def check(self, schema: Schema) -> None:
        """See `Splitter.check`."""
        declared(schema.time, "time")
