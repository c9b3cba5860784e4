"""Tables of results."""

import pyarrow as pa

from ..concealing import conceal


def concealed(table: pa.Table) -> pa.Table:
    """Return a table whose texts hold references in place of values from the environment."""
    columns = [
        pa.array([text and conceal(text) for text in column.to_pylist()], column.type)
        if pa.types.is_string(column.type)
        else column
        for column in table.columns
    ]
    return pa.table(columns, names=[conceal(name) for name in table.column_names])
