"""XGBoost's own attributions: exact for its trees."""

from typing import Literal

import numpy as np
import pyarrow as pa

from ..models.base import Predictor
from ..models.xgboost import XgboostPredictor, types
from .base import Attributions, Explainer, of_trees, refuse


class XgboostExplainer(Explainer):
    """Exact Shapley values of XGBoost's trees, by the paths that training rows took.

    Lundberg et al., From local explanations to global understanding with explainable AI for trees,
    Nature Machine Intelligence 2 (2020).
    """

    kind: Literal["xgboost"] = "xgboost"

    def explain(
        self, predictor: Predictor, features: pa.Table, background: pa.Table, seed: int
    ) -> Attributions:
        """See `Explainer.explain`; it is deterministic, and needs no background."""
        del background, seed
        import xgboost

        if not isinstance(predictor, XgboostPredictor):
            raise refuse(predictor, self.kind)
        encoding = predictor.encoding
        rows = xgboost.DMatrix(
            encoding.matrix(features, np.float32),
            feature_types=types(encoding),
            enable_categorical=True,
        )
        values = predictor.booster.predict(rows, pred_contribs=True, strict_shape=True)
        return of_trees(predictor, features, values)
