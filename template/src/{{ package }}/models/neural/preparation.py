"""Preprocessing for neural networks: standardized numbers, and encoded categories."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ...formats import Document
from ...tasks.base import Problem
from ..encoding import Encoding
from ..rows import Rows


@dataclass(frozen=True)
class Inputs:
    """The inputs of a network for n rows.

    Attributes:
        numbers: float32 of shape (n, 2 k) for k numeric features: the standardized values, with 0
            for a missing one; then an indicator of each feature, 1 where it is missing.
        codes: int64 of shape (n, c) for c categorical features: 0 for a category that is missing or
            was not in the training rows, otherwise at least 1.
    """

    numbers: NDArray[np.float32]
    codes: NDArray[np.int64]


@dataclass(frozen=True)
class Shape:
    """The shape of a network's inputs and outputs.

    Attributes:
        numbers: The number of numeric inputs.
        sizes: The number of codes of each categorical feature.
        outputs: The number of outputs: 1 for a regression, otherwise the number of classes.
    """

    numbers: int
    sizes: list[int]
    outputs: int


class Preparation(Document):
    """Statistics of the training rows; the file `preparation.json` of a model.

    Attributes:
        format: The number of its format.
        encoding: The categories.
        means: The mean of each numeric feature.
        deviations: The standard deviation of each numeric feature, or 1 if it is constant.
        target_mean: The mean of the target of a regression.
        target_deviation: Its standard deviation, or 1 if it is constant.
    """

    FILE: ClassVar[str] = "preparation.json"

    format: Literal[1] = 1
    encoding: Encoding
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    target_mean: float = 0.0
    target_deviation: float = 1.0

    @classmethod
    def fit(cls, rows: Rows) -> Self:
        """Compute the statistics in two passes over the training rows."""
        encoding = Encoding.fit(rows)
        features, target = _Moments(len(_numeric(encoding))), _Moments(1)
        for batch in rows.batches():
            matrix = encoding.matrix(batch.features, np.float64)
            features.add(matrix[:, _numeric(encoding)])
            target.add(np.asarray(batch.target, np.float64).reshape(-1, 1))
        scale = {} if rows.problem.classes else target.scale("target_mean", "target_deviation")
        return cls(
            encoding=encoding,
            means=tuple(features.mean.tolist()),
            deviations=tuple(features.deviation().tolist()),
            **scale,
        )

    def shape(self, problem: Problem) -> Shape:
        """Return the shape of a network."""
        sizes = [len(categories) + 1 for categories in self.encoding.categories.values()]
        return Shape(2 * len(self.means), sizes, len(problem.classes) or 1)

    def inputs(self, features: pa.Table) -> Inputs:
        """Convert the problem's features, in its order and of its types, to inputs of a network."""
        matrix = self.encoding.matrix(features, np.float64)
        numbers = (matrix[:, _numeric(self.encoding)] - self.means) / self.deviations
        missing = np.isnan(numbers)
        codes = np.nan_to_num(matrix[:, self.encoding.categorical], nan=-1) + 1
        return Inputs(
            np.concatenate([np.where(missing, 0, numbers), missing], axis=1, dtype=np.float32),
            codes.astype(np.int64),
        )

    def target(self, target: NDArray[Any], problem: Problem) -> NDArray[Any]:
        """Standardize the encoded target of a regression, as float32; classes stay int64."""
        if problem.classes:
            return target
        return ((target - self.target_mean) / self.target_deviation).astype(np.float32)

    def outputs(self, raw: NDArray[np.floating[Any]], problem: Problem) -> NDArray[np.float64]:
        """Convert raw outputs, shape (n, 1) or (n, classes), to values or probabilities."""
        values = raw.astype(np.float64)
        if not problem.classes:
            return values[:, 0] * self.target_deviation + self.target_mean
        exponents = np.exp(values - values.max(axis=1, keepdims=True))
        return np.asarray(exponents / exponents.sum(axis=1, keepdims=True))


def _numeric(encoding: Encoding) -> list[int]:
    """Return the positions of the numeric features."""
    return [at for at, column in enumerate(encoding.features) if column.kind == "number"]


class _Moments:
    """Means and variances of columns, computed in one pass; missing values are ignored.

    Chan, Golub and LeVeque, Algorithms for computing the sample variance, The American Statistician
    37 (1983).
    """

    def __init__(self, columns: int) -> None:
        self._count = np.zeros(columns)
        self._squares = np.zeros(columns)
        self.mean = np.zeros(columns)

    def add(self, values: NDArray[np.float64]) -> None:
        """Add rows, shape (n, columns), NaN for a missing value."""
        present = ~np.isnan(values)
        count = present.sum(axis=0)
        mean = np.where(present, values, 0).sum(axis=0) / np.maximum(count, 1)
        squares = np.where(present, (values - mean) ** 2, 0).sum(axis=0)
        total = np.maximum(self._count + count, 1)
        delta = mean - self.mean
        self._squares += squares + delta**2 * self._count * count / total
        self.mean = self.mean + delta * count / total
        self._count = self._count + count

    def deviation(self) -> NDArray[np.float64]:
        """Return the standard deviation of each column, or 1 if it is constant."""
        deviation = np.sqrt(self._squares / np.maximum(self._count, 1))
        return np.where(deviation > 0, deviation, 1.0)

    def scale(self, mean: str, deviation: str) -> dict[str, float]:
        """Return the mean and the standard deviation of a single column, under these names."""
        return {mean: float(self.mean[0]), deviation: float(self.deviation()[0])}
