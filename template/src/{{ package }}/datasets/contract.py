"""Validation of rows against the data contract."""

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from ..errors import DataError
from ..schemas.base import Column


def check_target(
    target: pa.ChunkedArray, column: Column, first_row: int = 0, *, name: str = "the data"
) -> None:
    """Reject a target with missing values.

    Args:
        target: Its values, shape (n,).
        column: Its declaration in the contract.
        first_row: The index of the first value in the whole input.
        name: The name of the data, for messages.

    Raises:
        DataError: If a value is missing; it names the data, the column and the row.
    """
    if target.null_count:
        row = first_row + target.is_null().index(True).as_py()
        raise DataError(
            f"{name}: the target '{column.name}' is missing in row {row}, the first of"
            f" {target.null_count} in this batch: fill them, or read other rows only, by"
            f" where: [{{column: {column.name}, op: missing, value: false}}]"
        )


def enforce(
    batches: Iterable[pa.RecordBatch], columns: Iterable[Column], name: str
) -> Iterator[pa.RecordBatch]:
    """Validate batches against the constraints of columns, and yield them unchanged.

    Args:
        batches: Rows, with the columns among others.
        columns: Their declarations in the contract.
        name: The name of the data, for messages.

    Raises:
        DataError: If a value is invalid; it names the data, column, row, value and constraint.
    """
    first, declared = 0, dict.fromkeys(columns)  # a feature may also be an identifier
    for batch in batches:
        for column in declared:
            values = batch[column.name]
            for broken, rule in column.wrong(values):
                at = broken.fill_null(False).index(True).as_py()
                if at >= 0:
                    found: Any = values[at].as_py()
                    shown = "missing" if found is None else repr(found)
                    raise DataError(
                        f"{name}: column '{column.name}', row {first + at}: {shown}, but {rule};"
                        " fix the data, or the contract in schemas/"
                    )
        first += batch.num_rows
        yield batch
