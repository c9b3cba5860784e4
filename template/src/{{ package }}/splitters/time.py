"""Splitting by time."""

from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa

from ..errors import DataError
from ..schemas.base import Schema
from .base import Positions, Splitter, declared, part


class TimeSplitter(Splitter):
    """The latest rows form the test set, by the time column that the schema declares.

    Rows of the same time are in the same set, so the size of the test set is the possible one that
    is closest to `test_size`.
    """

    kind: Literal["time"] = "time"
    random: ClassVar[bool] = False

    def split(self, table: pa.Table, schema: Schema, seed: int) -> tuple[Positions, Positions]:
        """See `Splitter.split`; it is deterministic, and equal times are not separated.

        Raises:
            DataError: If a time is missing, or all are equal.
        """
        del seed
        column = declared(schema.time, "time")
        if missing := table[column.name].null_count:
            raise DataError(f"the time '{column.name}' is missing in {missing} rows")
        times = table[column.name].cast(pa.int64()).to_numpy()
        newest = np.argsort(times, kind="stable")[::-1]
        tested = part(newest, self.test_size)[1].size
        cuts = np.flatnonzero(np.diff(times[newest])) + 1  # where the time changes
        if not cuts.size:
            raise DataError(f"the time '{column.name}' is the same in every row")
        cut = cuts[np.abs(cuts - tested).argmin()]
        return np.sort(newest[cut:]), np.sort(newest[:cut])

    def check(self, schema: Schema) -> None:
        """See `Splitter.check`."""
        declared(schema.time, "time")
