"""Rows in the formats that CatBoost reads: a data frame, or delimited text."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import csv

from ..encoding import Encoding
from ..rows import Rows

if TYPE_CHECKING:
    import pandas as pd


def frame(features: pa.Table, encoding: Encoding) -> "pd.DataFrame":
    """Convert features to a data frame: numbers as float32, categories as their positions in text.

    A category that is missing, or was not in the training rows, is a category of its own.
    """
    import pandas as pd

    matrix = encoding.matrix(features, np.float32)
    made = pd.DataFrame(matrix, columns=[column.name for column in encoding.features])
    for at in encoding.categorical:
        name = encoding.features[at].name
        count = len(encoding.categories[name])
        numbers = np.nan_to_num(matrix[:, at], nan=count).astype(np.int64)
        made[name] = pd.Categorical.from_codes(numbers, [str(n) for n in range(count + 1)])
    return made


def write(rows: Rows, encoding: Encoding, file: Path) -> Path:
    """Write rows as delimited text, and return the file that describes the columns."""
    writer = None
    for batch in rows.batches():
        values = frame(batch.features, encoding)
        weight = {} if batch.weight is None else {"weight": batch.weight}
        columns = {"target": batch.target, **weight}
        table = pa.table([*map(pa.array, columns.values())], names=[*columns])
        for at, name in enumerate(values):
            column = values[name].astype(str) if at in encoding.categorical else values[name]
            table = table.append_column(f"feature {at}", pa.array(column, from_pandas=True))
        if writer is None:
            options = csv.WriteOptions(include_header=False, delimiter="\t", quoting_style="none")
            writer = csv.CSVWriter(file, table.schema, write_options=options)
        writer.write(table)
    if writer is not None:
        writer.close()
    roles = ["Label", *(["Weight"] if rows.weighted else [])]
    roles += ["Categ" if c.kind == "category" else "Num" for c in encoding.features]
    description = file.with_suffix(".columns")
    description.write_text("".join(f"{at}\t{role}\n" for at, role in enumerate(roles)))
    return description
