"""LightGBM's own attributions: exact for its trees."""

from typing import Literal

import numpy as np
import pyarrow as pa

from ..models.base import Predictor
from ..models.lightgbm import LightgbmPredictor
from .base import Attributions, Explainer, of_trees, refuse


class LightgbmExplainer(Explainer):
    """Exact Shapley values of LightGBM's trees, by the paths that training rows took.

    Lundberg et al., From local explanations to global understanding with explainable AI for trees,
    Nature Machine Intelligence 2 (2020).
    """

    kind: Literal["lightgbm"] = "lightgbm"

    def explain(
        self, predictor: Predictor, features: pa.Table, background: pa.Table, seed: int
    ) -> Attributions:
        """See `Explainer.explain`; it is deterministic, and needs no background."""
        del background, seed
        if not isinstance(predictor, LightgbmPredictor):
            raise refuse(predictor, self.kind)
        matrix = predictor.encoding.matrix(features, np.float64)
        values = np.asarray(predictor.booster.predict(matrix, pred_contrib=True))
        shape = (len(matrix), -1, matrix.shape[1] + 1)
        return of_trees(predictor, features, values.reshape(shape))
