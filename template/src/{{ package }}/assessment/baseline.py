"""The scores of a model on training rows, and those of a constant prediction."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..metrics.base import Metric
from ..tasks.base import Problem
from .scoring import Tally


def baseline(
    metrics: Sequence[Metric], problem: Problem, train: NDArray[Any], test: NDArray[Any]
) -> dict[str, float]:
    """Score the best constant: the mean of the training target, or the proportions of its classes.

    Args:
        metrics: The metrics.
        problem: The problem.
        train: The encoded target of the training rows, shape (n,).
        test: That of the test rows, shape (m,).

    Returns:
        The value of each metric on the test rows, by its kind.
    """
    if problem.classes:
        shares = np.bincount(train, minlength=len(problem.classes)) / train.size
        outputs = np.tile(shares, (test.size, 1))
    else:
        outputs = np.full(test.size, train.mean())
    tally = Tally(metrics)
    tally.add(test, outputs)
    return tally.values()


def beside(
    test: Mapping[str, float], train: Mapping[str, float], constant: Mapping[str, float]
) -> pa.Table:
    """Return a row for each metric: its value on test and training rows, and of the constant."""
    return pa.table(
        {
            "metric": list(test),
            "test": list(test.values()),
            "training": [train[name] for name in test],
            "baseline": [constant[name] for name in test],
        }
    )
