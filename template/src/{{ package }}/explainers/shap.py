"""Attributions of any model, by SHAP."""

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import Field

from ..models.base import Predictor
from .base import Attributions, Explainer

ROWS = 10_000  # predicted at a time


class ShapExplainer(Explainer):
    """Shapley values of any model, from permutations of the features.

    Štrumbelj and Kononenko, Explaining prediction models and individual predictions with feature
    contributions, Knowledge and Information Systems 41 (2014).

    Attributes:
        kind: `shap`.
        permutations: The number of permutations of the features, each also reversed.
    """

    kind: Literal["shap"] = "shap"
    permutations: int = Field(5, ge=1)

    def explain(
        self, predictor: Predictor, features: pa.Table, background: pa.Table, seed: int
    ) -> Attributions:
        """See `Explainer.explain`."""
        import shap

        problem = predictor.problem
        codes = _Codes(pa.concat_tables([background, features]))

        def predict(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
            return predictor.outputs(codes.table(matrix))

        masker = shap.maskers.Independent(codes.matrix(background), background.num_rows)
        explainer = shap.explainers.Permutation(predict, masker, seed=seed)
        found = explainer(
            codes.matrix(features),
            max_evals=self.permutations * (2 * features.num_columns + 1),
            batch_size=max(1, ROWS // background.num_rows),
            silent=True,
        )
        values, base = found.values, found.base_values
        if not problem.classes:
            target = problem.target.name
            return Attributions(values[..., np.newaxis], base[..., np.newaxis], (target,), target)
        shown = problem.classes[len(problem.classes) == len(("no", "yes")) :]
        known = slice(-len(shown), None)
        return Attributions(values[..., known], base[..., known], shown, "probability")


class _Codes:
    """Features encoded as ranks of their values, and decoded again, for SHAP.

    SHAP skips a prediction where a value is close to that of the background, and it takes tiny or
    relatively close numbers for equal. Ranks differ by at least 1.
    """

    def __init__(self, features: pa.Table) -> None:
        """Rank the values that occur, including missing ones."""
        self._schema = features.schema
        self._values = [pc.unique(column) for column in features.columns]

    def matrix(self, features: pa.Table) -> NDArray[np.float64]:
        """Encode features as ranks, shape (n, features)."""
        columns = zip(features.columns, self._values, strict=True)
        found = [pc.index_in(column, value_set=values).to_numpy() for column, values in columns]
        return np.column_stack(found).astype(np.float64)

    def table(self, matrix: NDArray[np.float64]) -> pa.Table:
        """Decode ranks into features."""
        columns = zip(matrix.T.astype(np.int64), self._values, strict=True)
        taken = [values.take(pa.array(positions)) for positions, values in columns]
        return pa.Table.from_arrays(taken, schema=self._schema)
