"""Column-wise preprocessing by scikit-learn, and fitting of the pipeline."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from ...errors import ConfigurationError, ProjectError, nearest
from ...strategy import Strategy
from ...tasks.base import Problem
from ..rows import Rows

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.base import BaseEstimator
    from sklearn.pipeline import Pipeline

MISSING = "(missing)"

# Errors of scikit-learn for parameters that are incompatible with each other or with the rows.
REFUSALS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
)


class Numeric(Strategy):
    """The preprocessing of numeric features.

    Attributes:
        impute: The replacement of missing values; `none` leaves them to the estimator.
        scale: The scaling: to zero mean and unit variance, to [0, 1], by median and interquartile
            range, or none.
    """

    impute: Literal["mean", "median", "none"] = "median"
    scale: Literal["standard", "minmax", "robust", "none"] = "standard"


class Categorical(Strategy):
    """The preprocessing of categorical features; a missing value is a category of its own.

    Attributes:
        encode: The encoding: one-hot or ordinal.
        max_categories: The maximum number of categories of a feature; the rarest are grouped.
    """

    encode: Literal["onehot", "ordinal"] = "onehot"
    max_categories: int = Field(50, ge=2)


def fitted(
    estimator: "BaseEstimator", numeric: Numeric, categorical: Categorical, rows: Rows
) -> "Pipeline":
    """Fit a pipeline of preprocessing and estimator.

    Raises:
        ProjectError: If scikit-learn rejects the parameters or the rows.
    """
    problem, batch = rows.problem, rows.whole()
    pipeline = unfitted(estimator, numeric, categorical, problem)
    weights = {} if batch.weight is None else {"estimator__sample_weight": batch.weight}
    features = frame(batch.features, problem)
    with refusing(f"{type(estimator).__name__} cannot be fitted with these parameters"):
        return pipeline.fit(features, batch.target, **weights)


def unfitted(
    estimator: "BaseEstimator", numeric: Numeric, categorical: Categorical, problem: Problem
) -> "Pipeline":
    """Construct a pipeline of preprocessing and estimator.

    Raises:
        ConfigurationError: If a monotonic constraint is of no numeric feature.
    """
    from sklearn.pipeline import Pipeline

    columns = preprocessing(numeric, categorical, problem)
    if signs := monotonic(estimator, problem):
        columns.set_output(transform="pandas")
        estimator.set_params(monotonic_cst=signs)
    return Pipeline([("preprocessing", columns), ("estimator", estimator)])


def monotonic(estimator: "BaseEstimator", problem: Problem) -> dict[str, int]:
    """Return the monotonic constraints that are stated by feature, by the columns of the frame.

    Raises:
        ConfigurationError: If a constraint is of no numeric feature.
    """
    stated = estimator.get_params(deep=False).get("monotonic_cst")
    if not isinstance(stated, dict):
        return {}
    numbers = _named(problem, "number")
    for name in stated:
        if name not in numbers:
            raise ConfigurationError(
                f"'{name}' is not a numeric feature; {nearest(name, numbers)}",
                "model.parameters.monotonic_cst",
            )
    return {f"numeric__{name}": sign for name, sign in stated.items()}


@contextmanager
def refusing(what: str) -> Iterator[None]:
    """Convert errors of scikit-learn to errors of the project."""
    try:
        yield
    except REFUSALS as error:
        raise ProjectError(f"{what}: {str(error).partition(chr(10))[0]}") from error


def preprocessing(numeric: Numeric, categorical: Categorical, problem: Problem) -> "BaseEstimator":
    """Construct the transformer of a frame of features into a dense matrix of numbers.

    Args:
        numeric: The preprocessing of numeric features.
        categorical: The preprocessing of categorical features.
        problem: The problem, with its features.
    """
    from sklearn.compose import ColumnTransformer

    return ColumnTransformer(
        [
            ("numeric", _numeric(numeric), _named(problem, "number")),
            ("categorical", _categorical(categorical), _named(problem, "category")),
        ]
    )


def _numeric(settings: Numeric) -> "BaseEstimator":
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

    scalers = {"standard": StandardScaler, "minmax": MinMaxScaler, "robust": RobustScaler}
    impute = SimpleImputer(strategy=settings.impute, keep_empty_features=True)
    return make_pipeline(
        "passthrough" if settings.impute == "none" else impute,
        "passthrough" if settings.scale == "none" else scalers[settings.scale](),
    )


def _categorical(settings: Categorical) -> "BaseEstimator":
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

    if settings.encode == "onehot":
        return OneHotEncoder(
            handle_unknown="infrequent_if_exist",
            max_categories=settings.max_categories,
            sparse_output=False,
        )
    return OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=-1,
        max_categories=settings.max_categories,
    )


def _named(problem: Problem, kind: str) -> list[str]:
    """Return the names of the features of a kind."""
    return [column.name for column in problem.features if column.kind == kind]


def frame(features: pa.Table, problem: Problem) -> "pd.DataFrame":
    """Convert features to a frame: float64 with NaN for numbers, strings for categories."""
    import pandas as pd

    categories = set(_named(problem, "category"))
    return pd.DataFrame(
        {
            column.name: (
                pc.fill_null(features[column.name], MISSING).to_pandas()
                if column.name in categories
                else features[column.name].to_numpy()
            )
            for column in problem.features
        }
    )
