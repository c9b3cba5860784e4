"""LightGBM's parameters."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveInt

from ....strategy import Strategy

Share = Annotated[float, Field(gt=0, le=1)]


class LightgbmParameters(Strategy):
    """Parameters of LightGBM, by their names there; the library's defaults apply.

    https://lightgbm.readthedocs.io/en/stable/Parameters.html describes them. An objective is
    for a regression; that of a classification follows from its classes.
    """

    objective: (
        Literal[
            "regression_l1",
            "huber",
            "fair",
            "poisson",
            "quantile",
            "mape",  # codespell:ignore
            "gamma",
            "tweedie",
        ]
        | None
    ) = None
    metric: str | None = None
    boosting: Literal["gbdt", "rf", "dart"] | None = None
    data_sample_strategy: Literal["bagging", "goss"] | None = None
    learning_rate: float | None = Field(None, gt=0)
    num_leaves: int | None = Field(None, ge=2, le=131_072)
    max_depth: int | None = None
    min_data_in_leaf: NonNegativeInt | None = None
    min_sum_hessian_in_leaf: NonNegativeFloat | None = None
    min_gain_to_split: NonNegativeFloat | None = None
    max_delta_step: float | None = None
    lambda_l1: NonNegativeFloat | None = None
    lambda_l2: NonNegativeFloat | None = None
    linear_lambda: NonNegativeFloat | None = None
    linear_tree: bool | None = None
    path_smooth: NonNegativeFloat | None = None
    bagging_fraction: Share | None = None
    bagging_freq: NonNegativeInt | None = None
    pos_bagging_fraction: Share | None = None
    neg_bagging_fraction: Share | None = None
    feature_fraction: Share | None = None
    feature_fraction_bynode: Share | None = None
    extra_trees: bool | None = None
    top_rate: float | None = Field(None, ge=0, le=1)
    other_rate: float | None = Field(None, ge=0, le=1)
    drop_rate: float | None = Field(None, ge=0, le=1)
    max_drop: int | None = None
    skip_drop: float | None = Field(None, ge=0, le=1)
    max_bin: int | None = Field(None, ge=2)
    min_data_in_bin: PositiveInt | None = None
    bin_construct_sample_cnt: PositiveInt | None = None
    min_data_per_group: PositiveInt | None = None
    max_cat_threshold: PositiveInt | None = None
    max_cat_to_onehot: PositiveInt | None = None
    cat_l2: NonNegativeFloat | None = None
    cat_smooth: NonNegativeFloat | None = None
    is_unbalance: bool | None = None
    scale_pos_weight: float | None = Field(None, gt=0)
    boost_from_average: bool | None = None
    alpha: float | None = Field(None, gt=0)
    fair_c: float | None = Field(None, gt=0)
    poisson_max_delta_step: float | None = Field(None, gt=0)
    tweedie_variance_power: float | None = Field(None, ge=1, lt=2)
    use_quantized_grad: bool | None = None
    num_threads: PositiveInt | None = None
