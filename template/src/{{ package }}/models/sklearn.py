"""scikit-learn's regressors and classifiers, behind column-wise preprocessing."""

import warnings
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field, JsonValue

from ..errors import ArtifactError, ConfigurationError, nearest
from ..schemas.base import Schema
from ..tasks.base import Problem, Task
from .base import FitContext, Model, Predictor
from .persistence.types import TYPES
from .preprocessing.sklearn import Categorical, Numeric, fitted, frame, refusing, unfitted
from .rows import Rows
from .trial import attempt, synthetic, various

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator
    from sklearn.pipeline import Pipeline

FILE = "pipeline.skops"
SLOW = ("max_iter", "n_estimators")  # 2 iterations are enough for a trial fit


class SklearnModel(Model):
    """Any scikit-learn regressor or classifier, by name.

    Attributes:
        kind: `sklearn`.
        estimator: The name of the class; the suffix `Regressor` or `Classifier` may be omitted.
        parameters: Arguments of the estimator; the run's seed is passed as `random_state` if it
            has one.
        numeric: The preprocessing of numeric features.
        categorical: The preprocessing of categorical features.
    """

    kind: Literal["sklearn"] = "sklearn"
    libraries: ClassVar[tuple[str, ...]] = ("scikit-learn", "skops")
    replaces: ClassVar[Mapping[str, str]] = {"estimator": "parameters"}
    estimator: str = "HistGradientBoosting"
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    numeric: Numeric = Numeric()
    categorical: Categorical = Categorical()

    def check(self, task: Task, schema: Schema) -> None:
        """See `Model.check`."""
        from sklearn.utils.validation import has_fit_parameter

        estimator = self._estimator(is_classification=task.is_classification, seed=0)
        name = type(estimator).__name__
        weighs = schema.weight or task.weighs_classes
        if weighs and not has_fit_parameter(estimator, "sample_weight"):
            raise ConfigurationError(
                f"{name} does not support sample weights: choose an estimator that does, or declare"
                f" no {'weight in schemas/' if schema.weight else 'class_weights in the task'}",
                "model.estimator",
            )
        self._try_out(estimator, task, schema)
        if task.is_classification and not hasattr(estimator, "predict_proba"):
            raise ConfigurationError(
                f"{name} predicts no probabilities with these parameters: choose a classifier with"
                " predict_proba",
                "model.estimator",
            )

    def fit(self, rows: Rows, fitting: FitContext) -> Predictor:
        """See `Model.fit`."""
        estimator = self._estimator(is_classification=bool(rows.problem.classes), seed=fitting.seed)
        pipeline = fitted(estimator, self.numeric, self.categorical, rows)
        return SklearnPredictor(pipeline, rows.problem)

    def load(self, folder: Path, problem: Problem) -> Predictor:
        """See `Model.load`."""
        from .persistence.matching import check
        from .persistence.reading import UnexpectedTypeError, read

        path, is_classification = folder / FILE, bool(problem.classes)
        try:
            estimator = self._estimator(is_classification=is_classification, seed=0)
            pipeline = read(path)
            check(pipeline, unfitted(estimator, self.numeric, self.categorical, problem))
        except UnexpectedTypeError as error:
            raise ArtifactError(
                f"{path}: it would construct {error}, which no model of this project contains:"
                " choose other parameters, and train the model again"
            ) from error
        except (OSError, ValueError, ConfigurationError) as error:
            raise ArtifactError(f"{path}: not a model of scikit-learn: {error}") from error
        return SklearnPredictor(pipeline, problem)

    def _try_out(self, estimator: "BaseEstimator", task: Task, schema: Schema) -> None:
        """Check the parameters by a quick fit to synthetic rows."""
        given = estimator.get_params(deep=False)
        fewer = {key: min(given[key], 2) for key in SLOW if isinstance(given.get(key), int)}
        trial = self.model_copy(update={"parameters": {**self.parameters, **fewer}})
        lists = [len(each) for each in self.parameters.values() if isinstance(each, list)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            attempt(trial, various(task, schema, classes=lists), "model.parameters")
            if self.numeric.impute == "none":
                attempt(trial, [synthetic(task, schema, missing=True)], "model.numeric.impute")

    def _estimator(self, *, is_classification: bool, seed: int) -> "BaseEstimator":
        """Construct the estimator, after validating its name and arguments."""
        found = self._class(is_classification=is_classification)
        try:
            allowed = found().get_params(deep=False)
        except TypeError as error:
            raise ConfigurationError(
                f"{found.__name__} is a meta-estimator, whose estimators a configuration cannot"
                " express: choose another",
                "model.estimator",
            ) from error
        for name in self.parameters:
            if name not in allowed:
                raise ConfigurationError(
                    f"{found.__name__} has no parameter '{name}'; {nearest(name, allowed)}",
                    "model.parameters",
                )
        if isinstance(self.parameters.get("class_weight"), dict):
            raise ConfigurationError(
                "weights of classes by label are a setting of the task: set task.class_weights",
                "model.parameters.class_weight",
            )
        seeded = {"random_state": seed} if "random_state" in allowed else {}
        return found(**{**seeded, **self.parameters})

    def _class(self, *, is_classification: bool) -> "type[BaseEstimator]":
        """Find the class that is named; importing all modules, which is slow, comes last."""
        from sklearn import base
        from sklearn.utils import all_estimators

        suffix = "Classifier" if is_classification else "Regressor"
        mixin = getattr(base, f"{suffix}Mixin")
        names = (self.estimator, self.estimator + suffix)
        for module, name in ((module, name) for module, name in TYPES if name in names):
            with suppress(ImportError):
                found = getattr(import_module(module), name, None)
                if isinstance(found, type) and issubclass(found, mixin):
                    return found
        known: dict[str, type[BaseEstimator]] = dict(all_estimators(type_filter=suffix.lower()))
        for name in names:
            if name in known:
                return known[name]
        raise ConfigurationError(
            f"scikit-learn has no {suffix.lower()} '{self.estimator}';"
            f" {nearest(self.estimator, known)}",
            "model.estimator",
        )


class SklearnPredictor(Predictor):
    """A fitted scikit-learn pipeline."""

    def __init__(self, pipeline: "Pipeline", problem: Problem) -> None:
        """Hold a pipeline that was fitted to a problem."""
        super().__init__(problem)
        self._pipeline = pipeline

    def compute_outputs(self, features: pa.Table) -> NDArray[np.float64]:
        """See `Predictor.compute_outputs`."""
        rows = frame(features, self.problem)
        classes = self.problem.classes
        compute = self._pipeline.predict_proba if classes else self._pipeline.predict
        with refusing("cannot predict"):
            return np.asarray(compute(rows), dtype=np.float64)

    def save(self, folder: Path) -> None:
        """See `Predictor.save`."""
        from skops import io

        io.dump(self._pipeline, folder / FILE)
