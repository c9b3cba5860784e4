"""LightGBM: Ke et al., A highly efficient gradient boosting decision tree, NIPS (2017)."""

import re
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
from .boosting.lightgbm import checked
from .boosting.parameters.lightgbm import LightgbmParameters
from .encoding import Encoding
from .rows import Rows

if TYPE_CHECKING:
    import lightgbm

FILE = "booster.txt"
PART_ROWS = 65_536  # read from disk at once


class LightgbmModel(Boosting):
    """Gradient boosting by LightGBM, which handles missing values and categories natively.

    Attributes:
        kind: `lightgbm`.
        parameters: Further parameters of LightGBM.
    """

    kind: Literal["lightgbm"] = "lightgbm"
    libraries: ClassVar[tuple[str, ...]] = ("lightgbm",)
    parameters: LightgbmParameters = LightgbmParameters()

    def fit(self, rows: Rows, fitting: FitContext) -> Predictor:
        """See `Model.fit`."""
        import lightgbm

        stated = self._stated(rows.problem, fitting)
        encoding = Encoding.fit(rows)
        with TemporaryDirectory(prefix="lightgbm-") as folder:
            try:
                train = self._dataset(rows, encoding, Path(folder, "train"), stated)
                watched = []
                callbacks: list[Callable[..., Any]] = [_telling(fitting, rows.count)]
                if self.patience and fitting.validation:
                    file = Path(folder, "validation")
                    watched = [self._dataset(fitting.validation, encoding, file, stated, train)]
                    callbacks.append(lightgbm.early_stopping(self.patience, verbose=False))
                booster = lightgbm.train(
                    stated, train, self.n_estimators, valid_sets=watched, callbacks=callbacks
                )
            except lightgbm.basic.LightGBMError as error:
                raise ProjectError(f"LightGBM: {_said(error)}") from error
            best = booster.best_iteration if booster.best_iteration > 0 else None
            text = booster.model_to_string(num_iteration=best)
        return LightgbmPredictor(rows.problem, lightgbm.Booster(model_str=text), encoding)

    def load(self, folder: Path, problem: Problem) -> Predictor:
        """See `Model.load`."""
        import lightgbm

        encoding = Encoding.load(folder)
        encoding.check(problem)
        path = folder / FILE
        try:
            text = checked(path.read_bytes(), len(problem.features), len(problem.classes))
            booster = lightgbm.Booster(model_str=text)
        except (lightgbm.basic.LightGBMError, ValueError) as error:
            raise ArtifactError(f"{path}: not a model of LightGBM: {_said(error)}") from error
        return LightgbmPredictor(problem, booster, encoding)

    def _stated(self, problem: Problem, fitting: FitContext) -> dict[str, Any]:
        """Return the parameters of LightGBM."""
        names = ("objective", "binary", "multiclass", "num_class")
        return {
            "device_type": self.choose_device(fitting, _accelerator),
            "seed": fitting.seed,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
            **self.parameters.model_dump(exclude_none=True),
            **self.objective(problem, *names),
            **self.signs(problem),
        }

    def _dataset(
        self,
        rows: Rows,
        encoding: Encoding,
        file: Path,
        stated: dict[str, Any],
        reference: "lightgbm.Dataset | None" = None,
    ) -> "lightgbm.Dataset":
        """Return the binned dataset of rows that LightGBM reads.

        Args:
            rows: The rows.
            encoding: The encoding of features as a matrix.
            file: The file of the matrix, if it is not in memory; LightGBM reads it at the start.
            stated: The parameters of LightGBM.
            reference: The training dataset, for validation rows; its bins are used.
        """
        import lightgbm

        data: lightgbm.Sequence | NDArray[np.float64]
        if self.streaming:
            data, target, weight = _on_disk(rows, encoding, file)
        else:
            batch = rows.whole()
            data = encoding.matrix(batch.features, np.float64)
            target, weight = batch.target, batch.weight
        return lightgbm.Dataset(
            data,
            target,
            weight=weight,
            reference=reference,
            categorical_feature=encoding.categorical,
            params=stated,
        )


class LightgbmPredictor(BoostedPredictor["lightgbm.Booster"]):
    """Fitted trees of LightGBM, with the encoding of features."""

    def values(self, features: pa.Table) -> NDArray[Any]:
        """See `BoostedPredictor.values`."""
        return np.asarray(self.booster.predict(self.encoding.matrix(features, np.float64)))

    def save(self, folder: Path) -> None:
        """See `Predictor.save`."""
        super().save(folder)
        self.booster.save_model(folder / FILE)


def _on_disk(
    rows: Rows, encoding: Encoding, file: Path
) -> "tuple[lightgbm.Sequence, NDArray[Any], NDArray[np.float64] | None]":
    """Write the matrix of rows to a file that LightGBM reads in parts.

    Returns:
        The matrix, the target, and the weights, if any.
    """
    import lightgbm

    matrix = np.memmap(file, np.float64, "w+", shape=(rows.count, len(encoding.features)))
    targets, weights, first = [], [], 0
    for batch in rows.batches():
        last = first + batch.target.size
        matrix[first:last] = encoding.matrix(batch.features, np.float64)
        targets.append(batch.target)
        weights += [] if batch.weight is None else [batch.weight]
        first = last

    class Parts(lightgbm.Sequence):
        batch_size = PART_ROWS

        def __getitem__(self, at: int | slice | list[int]) -> NDArray[np.float64]:
            return np.array(matrix[at])

        def __len__(self) -> int:
            return rows.count

    return Parts(), np.concatenate(targets), np.concatenate(weights) if weights else None


def _telling(fitting: FitContext, count: int) -> "Callable[[lightgbm.callback.CallbackEnv], None]":
    """Return a callback that reports each round: the rows, and the metrics of the validation."""

    def tell(state: "lightgbm.callback.CallbackEnv") -> None:
        fitting.advance(count)
        for _, name, value, *_ in state.evaluation_result_list or ():
            fitting.metrics(state.iteration + 1, {f"validation_{name}": value})

    return tell


def _accelerator() -> str | None:
    """Return `gpu` if LightGBM was built with GPU support, and a GPU is available."""
    import lightgbm

    if not has_cuda():
        return None
    rows = lightgbm.Dataset(np.arange(64.0).reshape(-1, 1), np.arange(64.0))
    try:
        lightgbm.train({"device_type": "gpu", "verbosity": -1}, rows, 1)
    except lightgbm.basic.LightGBMError:
        return None
    return "gpu"


def _said(error: Exception) -> str:
    """Return the message of an error of LightGBM, without its source location."""
    return re.sub(r" at \S+, line \d+ \.", "", str(error)).strip()
