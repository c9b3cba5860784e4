"""XGBoost: Chen and Guestrin, XGBoost: a scalable tree boosting system, KDD (2016)."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..errors import ArtifactError, ProjectError
from ..tasks.base import Problem
from .base import FitContext, Predictor
from .boosting.base import BoostedPredictor, Boosting, has_cuda
from .boosting.parameters.xgboost import XgboostParameters
from .boosting.xgboost import check
from .encoding import Encoding
from .rows import Rows

if TYPE_CHECKING:
    import xgboost

FILE = "booster.ubj"


class XgboostModel(Boosting):
    """Gradient boosting by XGBoost, which handles missing values and categories natively.

    Attributes:
        kind: `xgboost`.
        parameters: Further parameters of XGBoost.
    """

    kind: Literal["xgboost"] = "xgboost"
    libraries: ClassVar[tuple[str, ...]] = ("xgboost",)
    parameters: XgboostParameters = XgboostParameters()

    def fit(self, rows: Rows, fitting: FitContext) -> Predictor:
        """See `Model.fit`."""
        import xgboost
        from xgboost.callback import EarlyStopping

        stated = self._stated(rows.problem, fitting)
        encoding = Encoding.fit(rows)
        with TemporaryDirectory(prefix="xgboost-") as folder:
            try:
                train = self._matrix(rows, encoding, Path(folder, "train"))
                watched = []
                callbacks = [_telling(fitting, rows.count)]
                if self.patience and fitting.validation:
                    file = Path(folder, "validation")
                    validation = self._matrix(fitting.validation, encoding, file, train)
                    watched = [(validation, "validation")]
                    callbacks.append(EarlyStopping(rounds=self.patience, save_best=True))
                booster = xgboost.train(
                    stated,
                    train,
                    num_boost_round=self.n_estimators,
                    evals=watched,
                    callbacks=callbacks,
                    verbose_eval=False,
                )
            except xgboost.core.XGBoostError as error:
                raise ProjectError(f"XGBoost: {_said(error)}") from error
        return XgboostPredictor(rows.problem, booster, encoding)

    def load(self, folder: Path, problem: Problem) -> Predictor:
        """See `Model.load`."""
        import xgboost

        encoding = Encoding.load(folder)
        encoding.check(problem)
        path = folder / FILE
        try:
            check(content := path.read_bytes(), len(problem.features), len(problem.classes))
            booster = xgboost.Booster(model_file=bytearray(content))
        except (xgboost.core.XGBoostError, ValueError) as error:
            raise ArtifactError(f"{path}: not a model of XGBoost: {_said(error)}") from error
        return XgboostPredictor(problem, booster, encoding)

    def _stated(self, problem: Problem, fitting: FitContext) -> dict[str, Any]:
        """Return the parameters of XGBoost."""
        names = ("objective", "binary:logistic", "multi:softprob", "num_class")
        return {
            "device": self.choose_device(fitting, _accelerator),
            "seed": fitting.seed,
            "verbosity": 0,
            **self.parameters.model_dump(exclude_none=True),
            **self.objective(problem, *names),
            **{key: tuple(signs) for key, signs in self.signs(problem).items()},
        }

    def _matrix(
        self,
        rows: Rows,
        encoding: Encoding,
        file: Path,
        reference: "xgboost.DMatrix | None" = None,
    ) -> "xgboost.DMatrix":
        """Return the binned matrix of rows that XGBoost reads.

        Args:
            rows: The rows.
            encoding: The encoding of features as a matrix.
            file: The prefix of the files of the bins, if they are not in memory.
            reference: The training matrix, for validation rows; its bins are used.
        """
        import xgboost

        binning = self.parameters.model_dump(include={"max_bin", "nthread"})
        if self.streaming:
            return xgboost.ExtMemQuantileDMatrix(
                _parts(rows, encoding, file),
                ref=reference,
                enable_categorical=True,
                **binning,
            )
        batch = rows.whole()
        return xgboost.QuantileDMatrix(
            encoding.matrix(batch.features, np.float32),
            batch.target,
            weight=batch.weight,
            feature_types=types(encoding),
            ref=reference,
            enable_categorical=True,
            **binning,
        )


class XgboostPredictor(BoostedPredictor["xgboost.Booster"]):
    """Fitted trees of XGBoost, with the encoding of features."""

    def values(self, features: pa.Table) -> NDArray[Any]:
        """See `BoostedPredictor.values`."""
        return np.asarray(self.booster.inplace_predict(self.encoding.matrix(features, np.float32)))

    def save(self, folder: Path) -> None:
        """See `Predictor.save`."""
        super().save(folder)
        self.booster.save_model(folder / FILE)


def types(encoding: Encoding) -> list[str]:
    """Return the types of the columns of a matrix in XGBoost's terms."""
    return ["c" if column.kind == "category" else "q" for column in encoding.features]


def _parts(rows: Rows, encoding: Encoding, cache: Path) -> "xgboost.DataIter":
    """Return an iterator over parts of the rows, which XGBoost caches on disk."""
    import xgboost

    class Parts(xgboost.DataIter):
        def __init__(self) -> None:
            super().__init__(cache_prefix=str(cache))
            self._batches = iter(rows.batches())

        def reset(self) -> None:
            self._batches = iter(rows.batches())

        def next(self, input_data: Callable[..., None]) -> bool:
            batch = next(self._batches, None)
            if batch is None:
                return False
            input_data(
                data=encoding.matrix(batch.features, np.float32),
                label=batch.target,
                weight=batch.weight,
                feature_types=types(encoding),
            )
            return True

    return Parts()


def _telling(fitting: FitContext, count: int) -> "xgboost.callback.TrainingCallback":
    """Return a callback that reports each round: the rows, and the metrics of the validation."""
    import xgboost

    class Telling(xgboost.callback.TrainingCallback):
        def after_iteration(self, _model: Any, epoch: int, evals_log: Any) -> bool:
            fitting.advance(count)
            for name, values in evals_log.get("validation", {}).items():
                fitting.metrics(epoch + 1, {f"validation_{name}": values[-1]})
            return False

    return Telling()


def _accelerator() -> str | None:
    """Return `cuda` if XGBoost can use a GPU."""
    import xgboost

    return "cuda" if has_cuda() and xgboost.build_info()["USE_CUDA"] else None


def _said(error: Exception) -> str:
    """Return the message of an error of XGBoost, without its source location."""
    first = str(error).splitlines()[0]
    return first.split(": ", 1)[-1] if first.startswith("[") else first
