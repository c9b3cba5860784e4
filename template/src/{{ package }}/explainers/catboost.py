"""CatBoost's own attributions: exact for its trees."""

from typing import Literal

import numpy as np
import pyarrow as pa

from ..models.base import Predictor
from ..models.boosting.catboost import frame
from ..models.catboost import CatboostPredictor
from .base import Attributions, Explainer, of_trees, refuse


class CatboostExplainer(Explainer):
    """Exact Shapley values of CatBoost's trees, by the paths that training rows took.

    Lundberg et al., From local explanations to global understanding with explainable AI for trees,
    Nature Machine Intelligence 2 (2020).
    """

    kind: Literal["catboost"] = "catboost"

    def explain(
        self, predictor: Predictor, features: pa.Table, background: pa.Table, seed: int
    ) -> Attributions:
        """See `Explainer.explain`; it is deterministic, and needs no background."""
        del background, seed
        import catboost

        if not isinstance(predictor, CatboostPredictor):
            raise refuse(predictor, self.kind)
        encoding = predictor.encoding
        rows = catboost.Pool(frame(features, encoding), cat_features=encoding.categorical)
        values = np.asarray(predictor.booster.get_feature_importance(rows, type="ShapValues"))
        shape = (features.num_rows, -1, values.shape[-1])
        return of_trees(predictor, features, values.reshape(shape))
