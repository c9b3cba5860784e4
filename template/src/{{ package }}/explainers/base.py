"""What an explainer is: a way to say how much each feature moved each prediction."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..errors import ConfigurationError
from ..models.base import Predictor
from ..strategy import Strategy

ROUNDED = 1e-3  # how far sums of float32 may be from what is predicted


@dataclass(frozen=True)
class Attributions:
    """How much each feature moved each prediction: with the base, they add up to what is explained.

    Attributes:
        values: Shape (n, features, outputs).
        base: What is predicted while no feature is known, shape (n, outputs).
        outputs: What is explained: the target of a regression, the second of two classes, or each
            of several.
        unit: What values and base are measured in.
    """

    values: NDArray[np.float64]
    base: NDArray[np.float64]
    outputs: tuple[str, ...]
    unit: str

    def totals(self) -> NDArray[np.float64]:
        """Return what is explained, shape (n, outputs)."""
        return np.asarray(self.base + self.values.sum(axis=1))


class Explainer(Strategy, ABC):
    """A way to explain predictions.

    Shapley values: Lundberg and Lee, A Unified Approach to Interpreting Model Predictions,
    NeurIPS (2017).
    """

    kind: str

    @abstractmethod
    def explain(
        self, predictor: Predictor, features: pa.Table, background: pa.Table, seed: int
    ) -> Attributions:
        """Explain predictions.

        Args:
            predictor: What predicts.
            features: The rows whose predictions are explained: the problem's features, in its
                order and of its types.
            background: Rows like them, which stand for what is not known of a row.
            seed: What every random choice follows from.

        Raises:
            ConfigurationError: If it cannot explain such a predictor.
        """


def joined(parts: Sequence[Attributions]) -> Attributions:
    """Return what was found for rows in several parts, of one predictor, as one."""
    values = np.concatenate([part.values for part in parts])
    base = np.concatenate([part.base for part in parts])
    return Attributions(values, base, parts[0].outputs, parts[0].unit)


def of_trees(
    predictor: Predictor, features: pa.Table, values: NDArray[np.floating[Any]]
) -> Attributions:
    """Return what a library of boosted trees says of its own.

    Args:
        predictor: What predicts.
        features: The rows that are explained.
        values: Shape (n, outputs, features + 1), the last of which is the base.

    Returns:
        Attributions in the target's unit if that is what the trees add up to; else in log-odds,
        or in the library's raw score.
    """
    problem = predictor.problem
    moved = np.asarray(values, dtype=np.float64).transpose(0, 2, 1)
    outputs = problem.classes[-moved.shape[2] :] or (problem.target.name,)
    unit = "log-odds" if len(outputs) < len(problem.classes) else "raw score"
    found = Attributions(moved[:, :-1], moved[:, -1], outputs, unit)
    if problem.classes:
        return found
    gap = np.abs(found.totals()[:, 0] - predictor.outputs(features)).max()
    if gap > ROUNDED * np.abs(moved).max():  # a logarithm, say, is what the trees add up to
        return found
    return replace(found, unit=problem.target.name)


def refuse(predictor: Predictor, kind: str) -> ConfigurationError:
    """Return what is raised at a predictor of another framework."""
    return ConfigurationError(
        f"'{kind}' explains its own models, and this is a {type(predictor).__name__}: leave the"
        " explainer out, and the one that fits is taken",
        "explainer.kind",
    )
