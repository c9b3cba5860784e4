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
    """What a network sees of n rows.

    Attributes:
        numbers: float32 of shape (n, 2 k) for k numeric features: each standardized, with 0 where
            it is missing; then for each 1 where it is missing, else 0.
        codes: int64 of shape (n, c) for c categorical features: 0 where a category is missing or
            was not in the training rows, else 1 and more.
    """

    numbers: NDArray[np.float32]
    codes: NDArray[np.int64]


class Preparation(Document):
    """Categories, and the scales of numbers and of the target, in the training rows.

    It is the file `preparation.json` of a model.

    Attributes:
        format: The number of its format.
        encoding: The categories.
        means: The mean of each numeric feature.
        deviations: The standard deviation of each, or 1 if it does not vary.
        target_mean: The mean of a regression's target.
        target_deviation: Its standard deviation, or 1.
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
        """Read the training rows, twice."""
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

    @property
    def sizes(self) -> list[int]:
        """How many numbers there are for the categories of each feature that has any."""
        return [len(categories) + 1 for categories in self.encoding.categories.values()]

    def inputs(self, features: pa.Table) -> Inputs:
        """Turn the problem's features, in its order and of its types, into what a network sees."""
        matrix = self.encoding.matrix(features, np.float64)
        numbers = (matrix[:, _numeric(self.encoding)] - self.means) / self.deviations
        missing = np.isnan(numbers)
        codes = np.nan_to_num(matrix[:, self.encoding.categorical], nan=-1) + 1
        return Inputs(
            np.concatenate([np.where(missing, 0, numbers), missing], axis=1, dtype=np.float32),
            codes.astype(np.int64),
        )

    def target(self, target: NDArray[Any], problem: Problem) -> NDArray[Any]:
        """Turn an encoded target into what a network learns: float32, or int64 of classes."""
        if problem.classes:
            return target
        return ((target - self.target_mean) / self.target_deviation).astype(np.float32)

    def outputs(self, raw: NDArray[np.floating[Any]], problem: Problem) -> NDArray[np.float64]:
        """Turn a network's raw outputs, shape (n, 1) or (n, classes), into the task's outputs."""
        values = raw.astype(np.float64)
        if not problem.classes:
            return values[:, 0] * self.target_deviation + self.target_mean
        exponents = np.exp(values - values.max(axis=1, keepdims=True))
        return np.asarray(exponents / exponents.sum(axis=1, keepdims=True))


def _numeric(encoding: Encoding) -> list[int]:
    """Return the positions of the numeric features."""
    return [at for at, column in enumerate(encoding.features) if column.kind == "number"]


class _Moments:
    """Means and variances of columns, in one pass, whatever is missing.

    Chan, Golub and LeVeque, Algorithms for computing the sample variance, The American Statistician
    37 (1983).
    """

    def __init__(self, columns: int) -> None:
        self._count = np.zeros(columns)
        self._squares = np.zeros(columns)
        self.mean = np.zeros(columns)

    def add(self, values: NDArray[np.float64]) -> None:
        """Take in rows, shape (n, columns); NaN where one is missing."""
        there = ~np.isnan(values)
        count = there.sum(axis=0)
        mean = np.where(there, values, 0).sum(axis=0) / np.maximum(count, 1)
        squares = np.where(there, (values - mean) ** 2, 0).sum(axis=0)
        total = np.maximum(self._count + count, 1)
        apart = mean - self.mean
        self._squares += squares + apart**2 * self._count * count / total
        self.mean = self.mean + apart * count / total
        self._count = self._count + count

    def deviation(self) -> NDArray[np.float64]:
        """Return the standard deviation of each column, or 1 if it does not vary."""
        deviation = np.sqrt(self._squares / np.maximum(self._count, 1))
        return np.where(deviation > 0, deviation, 1.0)

    def scale(self, mean: str, deviation: str) -> dict[str, float]:
        """Return the mean and the deviation of the only column, by these names."""
        return {mean: float(self.mean[0]), deviation: float(self.deviation()[0])}
