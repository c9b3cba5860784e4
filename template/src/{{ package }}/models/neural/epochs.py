"""The training loop of a network: epochs, early stopping, and checkpoints to resume from."""

import shutil
from abc import ABC, abstractmethod
from pathlib import Path

from pydantic import BaseModel

from ...files import new_folder
from ..base import FitContext
from .base import Neural, TrainingData
from .minibatches import Minibatch, Minibatches

STATE = "state.json"


class Learner(ABC):
    """A network with its optimizer, in one framework."""

    @abstractmethod
    def begin(self, seed: int) -> None:
        """Start an epoch, and seed its random choices."""

    @abstractmethod
    def step(self, batch: Minibatch) -> None:
        """Update the weights once."""

    @abstractmethod
    def loss(self, batch: Minibatch) -> float:
        """Return the weighted mean loss of rows, without dropout."""

    @abstractmethod
    def keep_best(self) -> None:
        """Keep the current weights as the best."""

    @abstractmethod
    def restore_best(self) -> None:
        """Restore the best weights."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Save all that the next epoch depends on, and the best weights, to an empty folder."""

    @abstractmethod
    def load(self, folder: Path) -> None:
        """Load what `save` wrote."""


class _State(BaseModel):
    """The progress of training.

    Attributes:
        epoch: The number of completed epochs.
        best: The lowest validation loss.
        waited: The number of epochs since then.
    """

    epoch: int = 0
    best: float | None = None
    waited: int = 0


def train(learner: Learner, model: Neural, training: TrainingData) -> None:
    """Train a network, from the last checkpoint if there is one.

    Args:
        learner: The network, which is left with its best weights.
        model: The configuration.
        training: The rows, and the context of the fit.
    """
    fitting, validation = training.fitting, training.validation
    state = _resume(learner, fitting)
    fitting.advance(state.epoch * training.train.count)
    while state.epoch < model.epochs and not (model.patience and state.waited >= model.patience):
        random, seed = training.random(state.epoch)
        learner.begin(seed)
        for batch, count in training.train.epoch(random):
            learner.step(batch)
            fitting.advance(count)
        state.epoch += 1
        if validation is not None:
            loss = _mean_loss(learner, validation)
            fitting.metrics(state.epoch, {"validation_loss": loss})
            state.waited += 1
            if state.best is None or loss < state.best:
                state.best, state.waited = loss, 0
                learner.keep_best()
        if fitting.checkpoints is not None:
            _checkpoint(learner, state, fitting.checkpoints)
    if state.best is not None:
        learner.restore_best()
        fitting.log(f"{model.kind}: best epoch {state.epoch - state.waited}")


def _mean_loss(learner: Learner, rows: Minibatches) -> float:
    """Return the weighted mean loss of rows."""
    total = weight = 0.0
    for batch, _ in rows.epoch():
        share = float(batch.weight.sum())
        total += learner.loss(batch) * share
        weight += share
    return total / weight if weight else 0.0


def _resume(learner: Learner, fitting: FitContext) -> _State:
    """Load the newest checkpoint, if there is one."""
    found = fitting.checkpoints.glob("epoch-*") if fitting.checkpoints else ()
    newest = max(found, key=lambda path: int(path.name.split("-")[1]), default=None)
    if newest is None:
        return _State()
    learner.load(newest)
    state = _State.model_validate_json((newest / STATE).read_bytes())
    fitting.log(f"resuming from the checkpoint of epoch {state.epoch}")
    return state


def _checkpoint(learner: Learner, state: _State, folder: Path) -> None:
    """Write a checkpoint atomically, and remove older ones."""
    older = list(folder.glob("epoch-*"))
    with new_folder(folder / f"epoch-{state.epoch}") as partial:
        learner.save(partial)
        (partial / STATE).write_text(state.model_dump_json(), encoding="utf-8")
    for path in older:
        shutil.rmtree(path)
