"""What a splitter is: how rows are parted into those to learn from and those to test on."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field

from ..errors import ConfigurationError, DataError
from ..schemas.base import Column, Schema
from ..strategy import Strategy

Positions = NDArray[np.int64]


class Splitter(Strategy, ABC):
    """A way to part rows in two.

    Attributes:
        test_size: The share of the rows to test on.
        random: Whether another seed parts rows in another way.
    """

    kind: str
    random: ClassVar[bool] = True
    test_size: float = Field(0.2, gt=0, lt=1)

    def check(self, schema: Schema) -> None:
        """Refuse a contract that does not declare what rows are parted by, before any is read.

        Raises:
            ConfigurationError: If it does not; by default nothing needs to be declared.
        """

    @abstractmethod
    def split(self, table: pa.Table, schema: Schema, seed: int) -> tuple[Positions, Positions]:
        """Part the rows of a table.

        Args:
            table: The rows, with every column that the contract declares.
            schema: The data contract, which says what each column is for.
            seed: The same seed parts the same rows alike.

        Returns:
            The positions of the training rows and of the test rows: each sorted, neither empty,
            disjoint, and together all rows.

        Raises:
            DataError: If the rows cannot be parted so.
        """


def declared(column: Column | None, role: str) -> Column:
    """Return a column that rows are parted by.

    Args:
        column: What the data contract declares, if anything.
        role: What the column is, as the contract calls it.

    Raises:
        ConfigurationError: If the contract declares none.
    """
    if column is None:
        message = f"the data contract declares no {role}: set it in schemas/"
        raise ConfigurationError(message, "splitter.kind")
    return column


def part(order: Positions, test_size: float) -> tuple[Positions, Positions]:
    """Part rows in two, at least one in each.

    Args:
        order: Positions of rows, those to test on first, shape (n,).
        test_size: The share of the rows to test on.

    Returns:
        The positions to learn from, and those to test on, each sorted.

    Raises:
        DataError: If there are fewer than two rows.
    """
    if order.size < len(("train", "test")):
        raise DataError("one row cannot be parted into rows to learn from and rows to test on")
    tested = min(max(1, round(order.size * test_size)), order.size - 1)
    return np.sort(order[tested:]), np.sort(order[:tested])
