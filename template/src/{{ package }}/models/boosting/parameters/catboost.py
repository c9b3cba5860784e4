"""CatBoost's parameters."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveInt

from ....strategy import Strategy

Share = Annotated[float, Field(gt=0, le=1)]


class CatboostParameters(Strategy):
    """Parameters of CatBoost, by their names there; the library's defaults apply.

    https://catboost.ai/docs/en/references/training-parameters/ describes them. A loss function
    is for regression only; that of a classification follows from its classes.
    """

    loss_function: str | None = None
    eval_metric: str | None = None
    learning_rate: Share | None = None
    depth: int | None = Field(None, ge=1, le=16)
    l2_leaf_reg: NonNegativeFloat | None = None
    model_size_reg: NonNegativeFloat | None = None
    rsm: Share | None = None
    grow_policy: Literal["SymmetricTree", "Depthwise", "Lossguide"] | None = None
    min_data_in_leaf: PositiveInt | None = None
    max_leaves: int | None = Field(None, ge=2)
    score_function: Literal["Cosine", "L2", "NewtonCosine", "NewtonL2"] | None = None
    boosting_type: Literal["Ordered", "Plain"] | None = None
    boost_from_average: bool | None = None
    bootstrap_type: Literal["Bayesian", "Bernoulli", "MVS", "Poisson", "No"] | None = None
    bagging_temperature: NonNegativeFloat | None = None
    subsample: Share | None = None
    sampling_frequency: Literal["PerTree", "PerTreeLevel"] | None = None
    random_strength: NonNegativeFloat | None = None
    leaf_estimation_method: Literal["Newton", "Gradient", "Exact"] | None = None
    leaf_estimation_iterations: PositiveInt | None = None
    leaf_estimation_backtracking: Literal["No", "AnyImprovement", "Armijo"] | None = None
    model_shrink_rate: NonNegativeFloat | None = None
    langevin: bool | None = None
    diffusion_temperature: NonNegativeFloat | None = None
    border_count: int | None = Field(None, ge=1, le=65_535)
    nan_mode: Literal["Forbidden", "Min", "Max"] | None = None
    one_hot_max_size: NonNegativeInt | None = None
    max_ctr_complexity: PositiveInt | None = None
    has_time: bool | None = None
    auto_class_weights: Literal["Balanced", "SqrtBalanced"] | None = None
    scale_pos_weight: float | None = Field(None, gt=0)
    used_ram_limit: str | None = None
    thread_count: PositiveInt | None = None
