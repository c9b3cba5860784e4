"""Categories encoded as numbers, for models that take matrices."""

from typing import Any, ClassVar, Literal, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ..errors import ArtifactError
from ..formats import Document
from ..schemas.base import Column
from ..tasks.base import Problem
from .rows import Rows


class Encoding(Document):
    """The categories of the features in the training rows; the file `encoding.json` of a model.

    Attributes:
        format: The number of its format.
        features: The features, in the order of the matrix.
        categories: The categories of each feature that has any, sorted: a category is encoded
            as its index.
    """

    FILE: ClassVar[str] = "encoding.json"

    format: Literal[1] = 1
    features: tuple[Column, ...]
    categories: dict[str, tuple[str, ...]]

    @classmethod
    def fit(cls, rows: Rows) -> Self:
        """Find the categories in the training rows."""
        return cls(features=rows.problem.features, categories=rows.categories())

    def check(self, problem: Problem) -> None:
        """Check that it encodes the features of a problem.

        Raises:
            ArtifactError: If the features differ.
        """
        pairs = [(column.name, column.kind) for column in self.features]
        encoded = {name for name, kind in pairs if kind == "category"}
        stated = [(column.name, column.kind) for column in problem.features]
        if pairs != stated or encoded != set(self.categories):
            raise ArtifactError(f"{self.FILE}: its features are not those of the manifest")

    @property
    def categorical(self) -> list[int]:
        """The indices of the categorical features."""
        return [at for at, column in enumerate(self.features) if column.kind == "category"]

    def matrix(self, features: pa.Table, dtype: type[np.floating[Any]]) -> NDArray[Any]:
        """Encode features as a matrix.

        Args:
            features: The problem's features, in its order and of its types, with n rows.
            dtype: The type of the matrix.

        Returns:
            Shape (n, features): numbers unchanged, categories by their indices; NaN where a value
            is missing, or a category is not among those of the training rows.
        """
        matrix = np.empty((features.num_rows, len(self.features)), dtype)
        for at, column in enumerate(self.features):
            values = features[column.name]
            if column.kind == "category":
                known = pa.array(self.categories[column.name], pa.string())
                values = pc.index_in(values, value_set=known)
            matrix[:, at] = values.to_numpy()
        return matrix
