"""What feed-forward networks share, whichever framework computes them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, PositiveFloat, PositiveInt

from ...tasks.base import Problem
from ..base import FitContext, Predictor
from ..iterative import IterativeModel
from ..rows import Rows
from .minibatches import Minibatches
from .optimizer import Optimizer
from .preparation import Inputs, Preparation, Shape

BATCH_ROWS = 65_536  # predicted at once
Network = TypeVar("Network")


@dataclass(frozen=True)
class TrainingData:
    """What a network is trained on, and how.

    Attributes:
        shape: The shape of its inputs and outputs.
        device: The device, by the framework's name.
        train: The training rows.
        validation: The validation rows, if the model stops early.
        fitting: The context of the fit.
    """

    shape: Shape
    device: str
    train: Minibatches
    validation: Minibatches | None
    fitting: FitContext

    def random(self, epoch: int) -> tuple[np.random.Generator, int]:
        """Return the generator that shuffles the rows of an epoch, and the seed of all else."""
        seeds = (self.fitting.seed, epoch)
        seed = np.random.SeedSequence(seeds).generate_state(1)[0]
        return np.random.default_rng(seeds), int(seed)


class Neural(IterativeModel, ABC):
    """A feed-forward network over standardized numbers and embedded categories.

    Guo and Berkhahn, Entity embeddings of categorical variables, arXiv:1604.06737 (2016); Gorishniy
    et al., Revisiting deep learning models for tabular data, NeurIPS (2021).

    Attributes:
        hidden_layer_sizes: The width of each hidden layer.
        activation: The activation function of the hidden layers.
        dropout: The dropout rate of the hidden layers.
        embedding_dim: The dimension of embeddings; by default half the number of categories, at
            most 50.
        epochs: The maximum number of epochs.
        batch_size: The number of rows of a minibatch.
        learning_rate: The learning rate of the optimizer.
        optimizer: The optimizer.
    """

    passes: ClassVar[str] = "epochs"
    unit: ClassVar[str] = "epochs"
    checked: ClassVar[str] = "model"
    hidden_layer_sizes: tuple[PositiveInt, ...] = (128, 64)
    activation: Literal["relu", "gelu", "silu", "tanh"] = "relu"
    dropout: float = Field(0.0, ge=0, lt=1)
    embedding_dim: PositiveInt | None = None
    epochs: PositiveInt = 100
    batch_size: PositiveInt = 256
    learning_rate: PositiveFloat = 0.001
    optimizer: Optimizer = Optimizer()
    patience: PositiveInt | None = 10

    @abstractmethod
    def backend(self) -> "Backend[Any]":
        """Import the framework, and return its backend."""

    def fit(self, rows: Rows, fitting: FitContext) -> Predictor:
        """See `Model.fit`."""

        def minibatches(rows: Rows) -> Minibatches:
            return Minibatches(rows, preparation, self.batch_size, streaming=self.streaming)

        backend = self.backend()
        device = self.choose_device(fitting, backend.accelerator)
        preparation = Preparation.fit(rows)
        training = TrainingData(
            preparation.shape(rows.problem),
            device,
            minibatches(rows),
            minibatches(fitting.validation) if self.patience and fitting.validation else None,
            fitting,
        )
        return NeuralPredictor(rows.problem, preparation, backend, backend.fit(self, training))

    def load(self, folder: Path, problem: Problem) -> Predictor:
        """See `Model.load`."""
        backend, preparation = self.backend(), Preparation.load(folder)
        preparation.encoding.check(problem)
        network = backend.load(folder / backend.file, self, preparation.shape(problem))
        return NeuralPredictor(problem, preparation, backend, network)

    def embedded(self, size: int) -> int:
        """Return the dimension of the embedding of a number of categories."""
        return self.embedding_dim or min(50, (size + 1) // 2)


class Backend(ABC, Generic[Network]):
    """A framework that trains, evaluates and saves networks.

    Attributes:
        file: The name of the file of a saved network.
    """

    file: ClassVar[str]

    @abstractmethod
    def accelerator(self) -> str | None:
        """Return the framework's name of an accelerator that is available, if any."""

    @abstractmethod
    def fit(self, model: Neural, training: TrainingData) -> Network:
        """Train a network, from the last checkpoint if there is one; see `FitContext`."""

    @abstractmethod
    def outputs(self, network: Network, inputs: Inputs) -> ArrayLike:
        """Compute raw outputs, shape (n, 1) or (n, classes), without dropout.

        They may be computed asynchronously, until they are converted to an array.
        """

    @abstractmethod
    def save(self, network: Network, path: Path) -> None:
        """Save a network as a file that runs no code when it is loaded."""

    @abstractmethod
    def load(self, path: Path, model: Neural, shape: Shape) -> Network:
        """Load a network.

        Raises:
            ArtifactError: If the file does not contain such a network.
        """


class NeuralPredictor(Predictor):
    """A fitted network, with the preparation of its inputs."""

    def __init__(
        self,
        problem: Problem,
        preparation: Preparation,
        backend: Backend[Network],
        network: Network,
    ) -> None:
        """Take the fitted network."""
        super().__init__(problem)
        self._preparation = preparation
        self._backend: Backend[Any] = backend
        self._network = network

    def compute_outputs(self, features: pa.Table) -> NDArray[np.float64]:
        """See `Predictor.compute_outputs`."""
        starts = range(0, max(features.num_rows, 1), BATCH_ROWS)
        parts = (self._preparation.inputs(features.slice(at, BATCH_ROWS)) for at in starts)
        raw = np.concatenate([self._backend.outputs(self._network, part) for part in parts])
        return self._preparation.outputs(raw, self.problem)

    def save(self, folder: Path) -> None:
        """See `Predictor.save`."""
        self._preparation.save(folder)
        self._backend.save(self._network, folder / self._backend.file)
