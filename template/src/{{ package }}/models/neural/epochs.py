"""The epochs of a network's training: early stopping, checkpoints, and resuming from one."""

import shutil
from abc import ABC, abstractmethod
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from ...files import new_folder
from ..base import FitContext
from ..rows import Rows
from .base import Neural
from .minibatches import Minibatch, Minibatches
from .preparation import Preparation

STATE = "state.json"


class Learner(ABC):
    """A network with what changes its weights, in one framework."""

    @abstractmethod
    def begin(self, seed: int) -> None:
        """Begin an epoch, whose random choices follow from a seed."""

    @abstractmethod
    def learn(self, batch: Minibatch) -> None:
        """Change the weights by one step."""

    @abstractmethod
    def loss(self, batch: Minibatch) -> float:
        """Return the weighted mean loss of rows, with nothing left out."""

    @abstractmethod
    def keep(self) -> None:
        """Remember the weights as the best so far."""

    @abstractmethod
    def go_back(self) -> None:
        """Take the best weights again."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write all that the next epoch depends on, and the best weights, into an empty folder."""

    @abstractmethod
    def load(self, folder: Path) -> None:
        """Read what `save` wrote."""


class _State(BaseModel):
    """The progress of a training.

    Attributes:
        epoch: The number of completed epochs.
        best: The least validation loss.
        waited: The number of epochs since then.
    """

    epoch: int = 0
    best: float | None = None
    waited: int = 0


def train(
    learner: Learner, model: Neural, rows: Rows, preparation: Preparation, fitting: FitContext
) -> None:
    """Train a network; what an interrupted training left in its checkpoints, it goes on from.

    Args:
        learner: The network; it ends with its best weights.
        model: What is configured.
        rows: The rows to learn from.
        preparation: How they become numbers.
        fitting: The seed, the validation rows, and where checkpoints are.
    """
    size, streaming = model.batch_size, model.streaming
    train = Minibatches(rows, preparation, size, streaming=streaming)
    validation = None
    if model.patience and fitting.validation:
        validation = Minibatches(fitting.validation, preparation, size, streaming=streaming)
    state = _resume(learner, fitting)
    fitting.advance(state.epoch * rows.count)
    while state.epoch < model.epochs and not (model.patience and state.waited >= model.patience):
        seeds = np.random.SeedSequence((fitting.seed, state.epoch)).generate_state(1)
        learner.begin(int(seeds[0]))
        random = np.random.default_rng((fitting.seed, state.epoch))
        for batch, count in train.epoch(random):
            learner.learn(batch)
            fitting.advance(count)
        state.epoch += 1
        if validation is not None:
            loss = _mean_loss(learner, validation)
            fitting.metrics(state.epoch, {"validation_loss": loss})
            state.waited += 1
            if state.best is None or loss < state.best:
                state.best, state.waited = loss, 0
                learner.keep()
        if fitting.checkpoints is not None:
            _checkpoint(learner, state, fitting.checkpoints)
    if state.best is not None:
        learner.go_back()
        fitting.log(f"{model.kind} is best after {state.epoch - state.waited} epochs")


def _mean_loss(learner: Learner, rows: Minibatches) -> float:
    """Return the mean loss of rows, those that weigh more counting more."""
    total = weight = 0.0
    for batch, _ in rows.epoch():
        share = float(batch.weight.sum())
        total += learner.loss(batch) * share
        weight += share
    return total / weight if weight else 0.0


def _resume(learner: Learner, fitting: FitContext) -> _State:
    """Take up the newest checkpoint, if there is one."""
    there = fitting.checkpoints.glob("epoch-*") if fitting.checkpoints else ()
    newest = max(there, key=lambda path: int(path.name.split("-")[1]), default=None)
    if newest is None:
        return _State()
    learner.load(newest)
    state = _State.model_validate_json((newest / STATE).read_bytes())
    fitting.log(f"going on after epoch {state.epoch}, where it was interrupted")
    return state


def _checkpoint(learner: Learner, state: _State, folder: Path) -> None:
    """Write a checkpoint, whole or not at all, and let go of the older ones."""
    older = list(folder.glob("epoch-*"))
    with new_folder(folder / f"epoch-{state.epoch}") as aside:
        learner.save(aside)
        (aside / STATE).write_text(state.model_dump_json(), encoding="utf-8")
    for path in older:
        shutil.rmtree(path)
