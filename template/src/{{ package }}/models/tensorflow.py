"""A feed-forward network in Keras on TensorFlow."""

import os
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import ConfigurationError
from ..tasks.base import Problem
from .base import FitContext, Predictor
from .neural.base import Neural, NeuralPredictor
from .neural.preparation import Inputs, Preparation
from .rows import Rows

FILE = "network.keras"


class TensorflowModel(Neural):
    """A feed-forward network in Keras on TensorFlow.

    Attributes:
        kind: `tensorflow`.
    """

    kind: Literal["tensorflow"] = "tensorflow"
    libraries: ClassVar[tuple[str, ...]] = ("tensorflow", "keras")

    def fit(self, rows: Rows, fitting: FitContext) -> Predictor:
        """See `Model.fit`."""
        _settle()
        import tensorflow as tf

        from .neural.epochs import train
        from .neural.networks.tensorflow import TensorflowLearner, device, network

        place = device(self.device)
        if self.device == "gpu" and "GPU" not in place:
            raise ConfigurationError("TensorFlow finds no GPU: choose auto or cpu", "model.device")
        fitting.log(f"{self.kind} learns on the {'GPU' if 'GPU' in place else 'CPU'}")
        preparation = Preparation.fit(rows)
        numbers, classes = 2 * len(preparation.means), len(rows.problem.classes)
        with tf.device(place):
            made = network(self, numbers, preparation.sizes, classes or 1, fitting.seed)
            train(TensorflowLearner(made, self), self, rows, preparation, fitting)
        return TensorflowPredictor(rows.problem, made, preparation)

    def load(self, folder: Path, problem: Problem) -> Predictor:
        """See `Model.load`."""
        _settle()
        from .neural.networks.tensorflow import read

        return TensorflowPredictor(problem, read(folder / FILE), Preparation.load(folder))


class TensorflowPredictor(NeuralPredictor):
    """A fitted network of Keras."""

    def __init__(self, problem: Problem, network: Any, preparation: Preparation) -> None:
        """Take the fitted network."""
        super().__init__(problem, preparation)
        self._network = network

    def raw_outputs(self, inputs: Inputs) -> NDArray[np.float32]:
        """See `NeuralPredictor.raw_outputs`."""
        from .neural.networks.tensorflow import outputs

        return outputs(self._network, inputs)

    def save(self, folder: Path) -> None:
        """See `Predictor.save`."""
        super().save(folder)
        self._network.save(folder / FILE)


def _settle() -> None:
    """Default to TensorFlow as the backend of Keras, and to little output."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
