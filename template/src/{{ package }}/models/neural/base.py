"""What feed-forward networks have in common, whichever framework computes them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from inspect import signature
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, JsonValue, PositiveFloat, PositiveInt

from ...errors import ConfigurationError, nearest
from ...schemas.base import Schema
from ...strategy import Strategy
from ...tasks.base import Problem, Task
from ..base import Model, Predictor
from ..trial import attempt, synthetic
from .preparation import Inputs, Preparation

PART_ROWS = 65_536  # that are scored at once
Built = TypeVar("Built")


class Optimizer(Strategy):
    """How weights follow their gradients.

    Attributes:
        name: The framework's name of the optimizer.
        parameters: The framework's own parameters of it, beside the learning rate.
    """

    name: str = "AdamW"
    parameters: dict[str, JsonValue] = Field(default_factory=dict)


class Neural(Model, ABC):
    """A feed-forward network over standardized numbers and embedded categories.

    Guo and Berkhahn, Entity embeddings of categorical variables, arXiv:1604.06737 (2016); Gorishniy
    et al., Revisiting deep learning models for tabular data, NeurIPS (2021).

    Attributes:
        hidden_layer_sizes: The width of each hidden layer.
        activation: What follows each hidden layer.
        dropout: The share of each hidden layer's outputs that are left out while it learns.
        embedding_dim: How many numbers stand for a category; by default half as many as there are
            categories, at most 50.
        epochs: How often all rows are gone over at most.
        batch_size: How many rows make a step.
        learning_rate: The size of a step.
        optimizer: What makes a step of gradients.
        patience: After how many epochs that make the validation rows no better it stops, and keeps
            the best; `null` for never, and then all rows are learned from.
        device: What it is computed on; `auto` takes an accelerator if one is there.
        external_memory: Whether the training rows stay on disk and are read in each epoch, for
            tables that do not fit in memory.
    """

    hidden_layer_sizes: tuple[PositiveInt, ...] = (128, 64)
    activation: Literal["relu", "gelu", "silu", "tanh"] = "relu"
    dropout: float = Field(0.0, ge=0, lt=1)
    embedding_dim: PositiveInt | None = None
    epochs: PositiveInt = 100
    batch_size: PositiveInt = 256
    learning_rate: PositiveFloat = 0.001
    optimizer: Optimizer = Optimizer()
    patience: PositiveInt | None = 10
    device: Literal["auto", "cpu", "gpu"] = "auto"
    external_memory: bool = False

    @property
    def streaming(self) -> bool:
        """See `Model.streaming`."""
        return self.external_memory

    @property
    def early_stopping(self) -> bool:
        """See `Model.early_stopping`."""
        return self.patience is not None

    @property
    def max_passes(self) -> int | None:
        """See `Model.max_passes`."""
        return self.epochs

    def check(self, task: Task, schema: Schema) -> None:
        """See `Model.check`; the framework itself judges, by an epoch on a few rows."""
        trial = self.model_copy(update={"epochs": 1, "external_memory": False})
        attempt(trial, [synthetic(task, schema)], "model")

    def built(
        self, library: str, known: Mapping[str, Callable[..., Built]], rate: str, *first: Any
    ) -> Built:
        """Return the optimizer that is configured.

        Args:
            library: Whose optimizers they are.
            known: All that there are, by name.
            rate: What the library calls the learning rate.
            first: What each takes first.

        Raises:
            ConfigurationError: If there is none of that name, or it takes no such parameter.
        """
        name, parameters = self.optimizer.name, self.optimizer.parameters
        if name not in known:
            message = f"{library} has no optimizer '{name}'; {nearest(name, known)}"
            raise ConfigurationError(message, "model.optimizer.name")
        allowed = [*signature(known[name]).parameters][len(first) :]
        for key in parameters:
            if key not in allowed:
                message = f"{name} has no parameter '{key}'; {nearest(key, allowed)}"
                raise ConfigurationError(message, "model.optimizer.parameters")
        try:
            return known[name](*first, **{rate: self.learning_rate, **parameters})
        except (TypeError, ValueError) as error:
            raise ConfigurationError(f"{name}: {error}", "model.optimizer.parameters") from error

    def embedded(self, size: int) -> int:
        """Return how many numbers stand for one of some categories."""
        return self.embedding_dim or min(50, (size + 1) // 2)


class NeuralPredictor(Predictor, ABC):
    """A network, and how rows become numbers for it."""

    def __init__(self, problem: Problem, preparation: Preparation) -> None:
        """State what is predicted from what, and how rows become numbers."""
        super().__init__(problem)
        self.preparation = preparation

    def compute_outputs(self, features: pa.Table) -> NDArray[np.float64]:
        """See `Predictor.compute_outputs`."""
        starts = range(0, max(features.num_rows, 1), PART_ROWS)
        parts = (self.preparation.inputs(features.slice(at, PART_ROWS)) for at in starts)
        raw = np.concatenate([*map(self.raw_outputs, parts)])
        return self.preparation.outputs(raw, self.problem)

    @abstractmethod
    def raw_outputs(self, inputs: Inputs) -> ArrayLike:
        """Return what the network gives for rows, shape (n, 1) or (n, classes).

        It may become an array only once it is asked for.
        """

    def save(self, folder: Path) -> None:
        """See `Predictor.save`."""
        self.preparation.save(folder)
