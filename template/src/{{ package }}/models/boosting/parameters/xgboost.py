"""XGBoost's parameters."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveInt

from ....strategy import Strategy

Share = Annotated[float, Field(gt=0, le=1)]


class XgboostParameters(Strategy):
    """Parameters of XGBoost, by their names there; the library's defaults apply.

    https://xgboost.readthedocs.io/en/stable/parameter.html describes them. An objective is for
    regression only; that of a classification follows from its classes.
    """

    objective: (
        Literal[
            "reg:squarederror",
            "reg:absoluteerror",
            "reg:pseudohubererror",
            "reg:squaredlogerror",
            "reg:gamma",
            "reg:tweedie",
            "count:poisson",
        ]
        | None
    ) = None
    eval_metric: str | None = None
    booster: Literal["gbtree", "dart"] | None = None
    learning_rate: Share | None = None
    max_depth: NonNegativeInt | None = None
    max_leaves: NonNegativeInt | None = None
    grow_policy: Literal["depthwise", "lossguide"] | None = None
    min_child_weight: NonNegativeFloat | None = None
    min_split_loss: NonNegativeFloat | None = None
    max_delta_step: NonNegativeFloat | None = None
    reg_lambda: NonNegativeFloat | None = None
    reg_alpha: NonNegativeFloat | None = None
    subsample: Share | None = None
    sampling_method: Literal["uniform", "gradient_based"] | None = None
    colsample_bytree: Share | None = None
    colsample_bylevel: Share | None = None
    colsample_bynode: Share | None = None
    max_bin: int | None = Field(None, ge=2)
    max_cat_to_onehot: PositiveInt | None = None
    max_cat_threshold: PositiveInt | None = None
    num_parallel_tree: PositiveInt | None = None
    scale_pos_weight: float | None = Field(None, gt=0)
    base_score: float | None = None
    tweedie_variance_power: float | None = Field(None, gt=1, lt=2)
    huber_slope: float | None = Field(None, gt=0)
    sample_type: Literal["uniform", "weighted"] | None = None
    normalize_type: Literal["tree", "forest"] | None = None
    rate_drop: float | None = Field(None, ge=0, le=1)
    one_drop: bool | None = None
    skip_drop: float | None = Field(None, ge=0, le=1)
    nthread: PositiveInt | None = None
