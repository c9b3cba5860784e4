"""CatBoost: Prokhorenkova et al., Unbiased boosting with categorical features, NeurIPS (2018)."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..errors import ArtifactError, ProjectError
from ..tasks.base import Problem
from .base import FitContext, Predictor
from .boosting import trying
from .boosting.base import BoostedPredictor, Boosting, has_cuda
from .boosting.catboost import frame, write
from .boosting.parameters.catboost import CatboostParameters
from .encoding import Encoding
from .rows import Rows

if TYPE_CHECKING:
    import catboost

FILE = "model.cbm"
LOGARITHMIC = ("Poisson", "Tweedie")  # losses whose models predict a logarithm
BINNING = ("border_count", "nan_mode", "used_ram_limit", "thread_count")


class CatboostModel(Boosting):
    """Gradient boosting with symmetric trees and target statistics of categories, by CatBoost.

    Attributes:
        kind: `catboost`.
        parameters: Further parameters of CatBoost.
    """

    kind: Literal["catboost"] = "catboost"
    libraries: ClassVar[tuple[str, ...]] = ("catboost",)
    parameters: CatboostParameters = CatboostParameters()

    def fit(self, rows: Rows, fitting: FitContext) -> Predictor:
        """See `Model.fit`."""
        import catboost

        stated = self._stated(rows.problem, fitting)
        encoding = Encoding.fit(rows)
        with TemporaryDirectory(prefix="catboost-") as folder:
            try:
                train = self._pool(rows, encoding, Path(folder, "train.tsv"))
                watched = None
                if self.patience and fitting.validation:
                    file = Path(folder, "validation.tsv")
                    watched = self._pool(fitting.validation, encoding, file, train)
                on_cpu = stated["task_type"] == "CPU"  # the only one with callbacks
                model = catboost.CatBoost(stated)
                model.fit(
                    train,
                    eval_set=watched,
                    early_stopping_rounds=self.patience if watched else None,
                    use_best_model=bool(watched),
                    callbacks=[_Telling(fitting, rows.count)] if on_cpu else None,
                )
            except catboost.CatBoostError as error:
                raise ProjectError(f"CatBoost: {_said(error)}") from error
        return CatboostPredictor(rows.problem, model, encoding)

    def load(self, folder: Path, problem: Problem) -> Predictor:
        """See `Model.load`."""
        import catboost

        encoding = Encoding.load(folder)
        encoding.check(problem)
        path = folder / FILE
        try:
            trying.check(path, len(problem.features), encoding.categorical)
            model = catboost.CatBoost().load_model(str(path), format="cbm")
            return CatboostPredictor(problem, model, encoding)
        except (catboost.CatBoostError, KeyError, ValueError) as error:
            raise ArtifactError(f"{path}: not a model of CatBoost: {_said(error)}") from error

    def _stated(self, problem: Problem, fitting: FitContext) -> dict[str, Any]:
        """Return the parameters of CatBoost."""
        names = ("loss_function", "Logloss", "MultiClass", "classes_count")
        return {
            "task_type": self.choose_device(fitting, _accelerator).upper(),
            "iterations": self.n_estimators,
            "random_seed": fitting.seed,
            "allow_writing_files": False,
            "logging_level": "Silent",
            **self.parameters.model_dump(exclude_none=True),
            **self.objective(problem, *names),
            **self.signs(problem),
        }

    def _pool(
        self,
        rows: Rows,
        encoding: Encoding,
        file: Path,
        reference: "catboost.Pool | None" = None,
    ) -> "catboost.Pool":
        """Return the pool of rows that CatBoost reads.

        Args:
            rows: The rows.
            encoding: The encoding of categories.
            file: The file of the rows, if they are not in memory.
            reference: The training pool, for validation rows; its bins are used.
        """
        import catboost
        from catboost.utils import quantize

        if not self.streaming:
            batch = rows.whole()
            return catboost.Pool(
                frame(batch.features, encoding),
                batch.target,
                cat_features=encoding.categorical,
                weight=batch.weight,
            )
        columns = str(write(rows, encoding, file))
        if encoding.categorical:  # CatBoost cannot quantize them while reading
            return catboost.Pool(f"dsv://{file}", column_description=columns)
        stated = self.parameters.model_dump(include=set(BINNING), exclude_none=True)
        if reference is not None:
            borders = file.with_name("borders.tsv")
            reference.save_quantization_borders(str(borders))
            stated["input_borders"] = str(borders)
        return quantize(f"dsv://{file}", column_description=columns, **stated)


class CatboostPredictor(BoostedPredictor["catboost.CatBoost"]):
    """Fitted trees of CatBoost, with the encoding of categories."""

    def __init__(self, problem: Problem, model: "catboost.CatBoost", encoding: Encoding) -> None:
        """Take the fitted model."""
        super().__init__(problem, model, encoding)
        loss = model.get_all_params()["loss_function"]
        value = "Exponent" if loss.startswith(LOGARITHMIC) else "RawFormulaVal"
        self._prediction = "Probability" if problem.classes else value

    def values(self, features: pa.Table) -> NDArray[Any]:
        """See `BoostedPredictor.values`."""
        rows = frame(features, self.encoding)
        return np.asarray(self.booster.predict(rows, prediction_type=self._prediction))

    def save(self, folder: Path) -> None:
        """See `Predictor.save`."""
        super().save(folder)
        self.booster.save_model(str(folder / FILE), format="cbm")


class _Telling:
    """Reports each round: the rows, and the metrics of the validation."""

    def __init__(self, fitting: FitContext, count: int) -> None:
        self._fitting = fitting
        self._count = count

    def after_iteration(self, info: Any) -> bool:
        """Report a round, and go on."""
        self._fitting.advance(self._count)
        for name, values in (info.metrics or {}).get("validation", {}).items():
            self._fitting.metrics(info.iteration, {f"validation_{name}": values[-1]})
        return True


def _accelerator() -> str | None:
    """Return `gpu` if CatBoost can use a GPU."""
    from catboost.utils import get_gpu_device_count

    return "gpu" if has_cuda() and get_gpu_device_count() else None


def _said(error: Exception) -> str:
    """Return the message of an error of CatBoost, without its source location."""
    return re.sub(r"^\S+\.(cpp|h):\d+: ", "", str(error).splitlines()[0])
