"""The feed-forward network of PyTorch, trained by Lightning."""

import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import lightning
import torch
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch.callbacks import Callback, EarlyStopping, ModelCheckpoint
from torch.utils.data import DataLoader, IterableDataset

from ....errors import ConfigurationError
from ..base import Neural, TrainingData
from ..minibatches import Minibatches
from .torch import Network, TorchBackend, mean_loss, optimizer

MONITORED = "validation_loss"
LAST = "last.ckpt"

Tensors = tuple[torch.Tensor, ...]


class Module(lightning.LightningModule):
    """A network with its optimizer."""

    def __init__(self, network: Network, model: Neural, context: TrainingData) -> None:
        """Take a network."""
        super().__init__()
        self.network = network
        self.context = context
        self.epochs = 0  # completed, which Lightning does not know yet when it resumes
        self._model = model

    def training_step(self, batch: Tensors) -> torch.Tensor:
        """Return the weighted mean loss of rows."""
        return mean_loss(self.network, *batch)

    def validation_step(self, batch: Tensors) -> None:
        """Log the weighted mean loss of rows."""
        count = int(batch[3].count_nonzero())
        loss = self.training_step(batch)
        self.log(MONITORED, loss, on_step=False, on_epoch=True, batch_size=count)

    def on_validation_end(self) -> None:
        """Report the metrics of an epoch."""
        loss = float(self.trainer.callback_metrics[MONITORED])
        self.context.fitting.metrics(self.epochs + 1, {MONITORED: loss})

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
        """Construct the configured optimizer."""
        return optimizer(self._model, self.network)


class Stopping(EarlyStopping):
    """Early stopping that holds when a completed training is resumed."""

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Stop at once if patience had run out."""
        super().on_train_start(trainer, pl_module)
        trainer.should_stop = trainer.should_stop or self.wait_count >= self.patience


class Epoch(IterableDataset[Tensors]):
    """The minibatches of an epoch."""

    def __init__(self, rows: Minibatches, module: Module | None = None) -> None:
        """Take the rows; they are shuffled if a module is trained on them."""
        self._rows = rows
        self._module = module

    def __iter__(self) -> Iterator[Tensors]:
        """Yield the minibatches as tensors."""
        random = None
        if self._module is not None:
            random, seed = self._module.context.random(self._module.epochs)
            torch.manual_seed(seed)
        for batch, count in self._rows.epoch(random):
            yield tuple(map(torch.from_numpy, batch.arrays))
            if self._module is not None:
                self._module.context.fitting.advance(count)


class LightningBackend(TorchBackend):
    """PyTorch, with Lightning's trainer."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        """Take the arguments of the trainer."""
        self._arguments = arguments

    def train(self, network: Network, model: Neural, training: TrainingData) -> None:
        """See `TorchBackend.train`.

        Raises:
            ConfigurationError: If the trainer rejects its arguments.
        """
        with TemporaryDirectory(prefix="lightning-") as folder:
            checkpoints = training.fitting.checkpoints or Path(folder)
            self._train(Module(network, model, training), model, checkpoints)
        network.cpu()

    def _train(self, module: Module, model: Neural, checkpoints: Path) -> None:
        training = module.context
        loader = DataLoader(Epoch(training.train, module), batch_size=None)
        validation_loader = None
        callbacks: list[Callback] = []
        best = None
        if model.patience and training.validation:
            validation_loader = DataLoader(Epoch(training.validation), batch_size=None)
            best = ModelCheckpoint(checkpoints, "best", MONITORED, save_weights_only=True)
            callbacks += [Stopping(MONITORED, patience=model.patience), best]
        callbacks.append(
            ModelCheckpoint(
                checkpoints, "last", enable_version_counter=False, save_on_train_epoch_end=True
            )
        )
        resumed = str(checkpoints / LAST) if (checkpoints / LAST).exists() else None
        if resumed:
            training.fitting.log("resuming from the last checkpoint")
        logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                trainer = lightning.Trainer(
                    accelerator=training.device,
                    devices=1,
                    max_epochs=model.epochs,
                    callbacks=callbacks,
                    logger=False,
                    enable_progress_bar=False,
                    enable_model_summary=False,
                    num_sanity_val_steps=0,
                    default_root_dir=checkpoints,
                    **self._arguments,
                )
            except (MisconfigurationException, ValueError) as error:
                raise ConfigurationError(str(error), "model.trainer") from error
            trainer.fit(module, loader, validation_loader, ckpt_path=resumed, weights_only=True)
        if best is not None and best.best_model_path:
            states = torch.load(best.best_model_path, weights_only=True)
            module.load_state_dict(states["state_dict"])
