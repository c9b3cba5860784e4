"""The feed-forward network of PyTorch, as Lightning trains it."""

import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lightning
import numpy as np
import torch
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch.callbacks import Callback, EarlyStopping, ModelCheckpoint
from torch.utils.data import DataLoader, IterableDataset

from ....errors import ConfigurationError
from ...base import FitContext
from ...rows import Rows
from ..base import Neural
from ..minibatches import Minibatches
from ..preparation import Preparation
from .torch import Network, loss, optimizer

WATCHED = "validation_loss"
LAST = "last.ckpt"

Tensors = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]


class Module(lightning.LightningModule):
    """The network with what changes its weights."""

    def __init__(self, network: Network, model: Neural) -> None:
        """Hold a network."""
        super().__init__()
        self.network = network
        self.epochs = 0  # that are done, which Lightning does not know yet when it resumes
        self._model = model

    def training_step(self, batch: Tensors) -> torch.Tensor:
        """Return the weighted mean loss of rows."""
        numbers, codes, target, weight = batch
        return loss(self.network(numbers, codes), target, weight)

    def validation_step(self, batch: Tensors) -> None:
        """Log the weighted mean loss of rows."""
        value = self.training_step(batch)
        share = int(batch[3].count_nonzero())
        self.log(WATCHED, value, on_step=False, on_epoch=True, batch_size=share)

    def on_train_epoch_end(self) -> None:
        """Count an epoch, before a checkpoint is written."""
        self.epochs += 1

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Add the count to a checkpoint."""
        checkpoint["epochs"] = self.epochs

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Take the count from a checkpoint."""
        self.epochs = checkpoint["epochs"]

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Return the optimizer that is configured."""
        return optimizer(self._model, self.network)


class Stopping(EarlyStopping):
    """Early stopping that stays where it was, if a training goes on after it had ended."""

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Stop at once if patience had run out."""
        super().on_train_start(trainer, pl_module)
        trainer.should_stop = trainer.should_stop or self.wait_count >= self.patience


class Epoch(IterableDataset[Tensors]):
    """The minibatches of an epoch, shuffled by the seed and the epoch."""

    def __init__(self, rows: Minibatches, fitting: FitContext, module: Module | None) -> None:
        """Hold rows; they are shuffled if there is a module that learns from them."""
        self._rows = rows
        self._fitting = fitting
        self._module = module

    def __iter__(self) -> Iterator[Tensors]:
        """Give the minibatches as tensors."""
        random = None
        if self._module is not None:
            seeds = (self._fitting.seed, self._module.epochs)
            random = np.random.default_rng(seeds)
            torch.manual_seed(int(np.random.SeedSequence(seeds).generate_state(1)[0]))
        for batch, count in self._rows.epoch(random):
            arrays = (batch.numbers, batch.codes, batch.target, batch.weight)
            numbers, codes, target, weight = map(torch.from_numpy, arrays)
            yield numbers, codes, target, weight
            if self._module is not None:
                self._fitting.advance(count)


def train(
    network: Network,
    model: Neural,
    rows: Rows,
    preparation: Preparation,
    fitting: FitContext,
    stated: dict[str, Any],
    checkpoints: Path,
) -> None:
    """Train a network; what an interrupted training left in its checkpoints, it goes on from.

    Args:
        network: The network; it ends with its best weights.
        model: What is configured.
        rows: The rows to learn from.
        preparation: How they become numbers.
        fitting: The seed, and the validation rows.
        stated: What the trainer is told besides.
        checkpoints: Where Lightning writes its checkpoints.

    Raises:
        ConfigurationError: If the trainer refuses what it is told.
    """
    size, streaming = model.batch_size, model.streaming
    module = Module(network, model)
    train = Minibatches(rows, preparation, size, streaming=streaming)
    loader = DataLoader(Epoch(train, fitting, module), batch_size=None)
    validating = None
    callbacks: list[Callback] = []
    best = None
    if model.patience and fitting.validation:
        validation = Minibatches(fitting.validation, preparation, size, streaming=streaming)
        validating = DataLoader(Epoch(validation, fitting, None), batch_size=None)
        best = ModelCheckpoint(checkpoints, "best", WATCHED, save_weights_only=True)
        callbacks += [Stopping(WATCHED, patience=model.patience), best]
    callbacks.append(
        ModelCheckpoint(
            checkpoints, "last", enable_version_counter=False, save_on_train_epoch_end=True
        )
    )
    there = checkpoints / LAST
    if there.exists():
        fitting.log("going on where it was interrupted")
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            trainer = lightning.Trainer(
                max_epochs=model.epochs,
                callbacks=callbacks,
                logger=False,
                enable_progress_bar=False,
                enable_model_summary=False,
                num_sanity_val_steps=0,
                default_root_dir=checkpoints,
                **stated,
            )
        except (MisconfigurationException, ValueError) as error:
            raise ConfigurationError(str(error), "model.trainer") from error
        resumed = str(there) if there.exists() else None
        trainer.fit(module, loader, validating, ckpt_path=resumed, weights_only=True)
    if best is not None and best.best_model_path:
        states = torch.load(best.best_model_path, weights_only=True)
        module.load_state_dict(states["state_dict"])
    network.cpu()
