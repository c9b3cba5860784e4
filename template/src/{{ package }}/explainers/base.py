"""The explainer interface: the attribution of each prediction to the features.

A custom implementation::

    from typing import Literal

    import numpy as np
    import pyarrow as pa

    from ..models.base import Predictor
    from .base import Attributions, Explainer

    class NoExplainer(Explainer):
        kind: Literal["none"] = "none"

        def explain(
            self, predictor: Predictor, features: pa.Table, background: pa.Table, seed: int
        ) -> Attributions:
            base = predictor.outputs(features).reshape(features.num_rows, -1)[:, -1:]
            values = np.zeros((features.num_rows, features.num_columns, 1))
            return Attributions(values, base, ("output",), "output")

Its configuration::

    explainer:
      kind: none
"""

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

ROUNDED = 1e-3  # the relative rounding error of sums of float32


@dataclass(frozen=True)
class Attributions:
    """Attributions of predictions to features; with the base, they add up to what is explained.

    Attributes:
        values: Shape (n, features, outputs).
        base: The prediction when no feature is known, shape (n, outputs).
        outputs: What is explained: the target of a regression, the second of two classes, or each
            of several.
        unit: The unit of values and base.
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
            predictor: The fitted model.
            features: The rows whose predictions are explained: the problem's features, in its
                order and of its types.
            background: Reference rows, which replace the values of unknown features.
            seed: The seed of every random choice.

        Raises:
            ConfigurationError: If it cannot explain such a predictor.
        """


def joined(parts: Sequence[Attributions]) -> Attributions:
    """Concatenate the attributions of several batches of rows, of one predictor."""
    values = np.concatenate([part.values for part in parts])
    base = np.concatenate([part.base for part in parts])
    return Attributions(values, base, parts[0].outputs, parts[0].unit)


def of_trees(
    predictor: Predictor, features: pa.Table, values: NDArray[np.floating[Any]]
) -> Attributions:
    """Return the attributions that a library of boosted trees computes.

    Args:
        predictor: The fitted model.
        features: The rows that are explained.
        values: Shape (n, outputs, features + 1), the last of which is the base.

    Returns:
        Attributions in the target's unit if the trees add up to the target; else in log-odds,
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
    if gap > ROUNDED * np.abs(moved).max():  # the trees add up to a logarithm, say
        return found
    return replace(found, unit=problem.target.name)


def refuse(predictor: Predictor, kind: str) -> ConfigurationError:
    """Return the error for a predictor of another framework."""
    return ConfigurationError(
        f"'{kind}' explains its own models only, and this is a {type(predictor).__name__}: leave"
        " out the explainer to use the default one",
        "explainer.kind",
    )
