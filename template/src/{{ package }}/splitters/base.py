"""The splitter interface: how rows are split into training and test sets.

A custom implementation::

    from typing import Literal

    import numpy as np
    import pyarrow as pa

    from ..schemas.base import Schema
    from .base import Positions, Splitter, part

    class LastSplitter(Splitter):
        kind: Literal["last"] = "last"

        def split(self, table: pa.Table, schema: Schema, seed: int) -> tuple[Positions, Positions]:
            return part(np.arange(table.num_rows)[::-1], self.test_size)

Its configuration::

    splitter:
      kind: last
      test_size: 0.2
"""

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
    """A way to split rows into a training set and a test set.

    Attributes:
        test_size: The fraction of the rows in the test set.
        random: Whether the split depends on the seed.
    """

    kind: str
    random: ClassVar[bool] = True
    test_size: float = Field(0.2, gt=0, lt=1)

    def check(self, schema: Schema) -> None:
        """Check, before any data is read, that the schema declares the columns that are needed.

        Raises:
            ConfigurationError: If one is not declared; by default none is needed.
        """

    @abstractmethod
    def split(self, table: pa.Table, schema: Schema, seed: int) -> tuple[Positions, Positions]:
        """Split the rows of a table.

        Args:
            table: The rows, with every column that the schema declares.
            schema: The data contract, which declares the role of each column.
            seed: The same seed gives the same split of the same rows.

        Returns:
            The positions of the training rows and of the test rows: each sorted and not empty,
            disjoint, and together all rows.

        Raises:
            DataError: If the rows cannot be split this way.
        """


def declared(column: Column | None, role: str) -> Column:
    """Return the column by which rows are split.

    Args:
        column: The column that the schema declares, if any.
        role: The name of its role in the schema.

    Raises:
        ConfigurationError: If the schema declares none.
    """
    if column is None:
        message = f"the data contract declares no {role}: set it in schemas/"
        raise ConfigurationError(message, "splitter.kind")
    return column


def part(order: Positions, test_size: float) -> tuple[Positions, Positions]:
    """Split ordered rows in two, with at least one in each set.

    Args:
        order: Positions of rows, shape (n,); the test set is taken from the front.
        test_size: The fraction of the rows in the test set.

    Returns:
        The positions of the training rows and of the test rows, each sorted.

    Raises:
        DataError: If there are fewer than two rows.
    """
    if order.size < len(("train", "test")):
        raise DataError("a single row cannot be split into training and test sets")
    tested = min(max(1, round(order.size * test_size)), order.size - 1)
    return np.sort(order[tested:]), np.sort(order[:tested])
