"""A feed-forward network in PyTorch, trained by Lightning."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Literal

from pydantic import NonNegativeFloat, PositiveInt

from ..strategy import Strategy
from .base import FitContext, Predictor
from .neural.preparation import Preparation
from .rows import Rows
from .torch import TorchNeural, TorchPredictor


class Trainer(Strategy):
    """Arguments of Lightning's Trainer, for one device.

    On several devices, each would read all rows, in a process that runs the whole command again.
    See https://lightning.ai/docs/pytorch/stable/common/trainer.html.
    """

    precision: Literal["32-true", "16-mixed", "bf16-mixed", "64-true", "bf16-true"] | None = None
    accumulate_grad_batches: PositiveInt | None = None
    gradient_clip_val: NonNegativeFloat | None = None
    gradient_clip_algorithm: Literal["norm", "value"] | None = None
    detect_anomaly: bool | None = None


class LightningModel(TorchNeural):
    """A feed-forward network in PyTorch, trained by Lightning.

    Attributes:
        kind: `lightning`.
        trainer: Arguments of Lightning's Trainer.
    """

    kind: Literal["lightning"] = "lightning"
    libraries: ClassVar[tuple[str, ...]] = ("lightning", "torch", "safetensors")
    trainer: Trainer = Trainer()

    def fit(self, rows: Rows, fitting: FitContext) -> Predictor:
        """See `Model.fit`."""
        import torch

        from .neural.networks.lightning import train

        device = self.place(fitting)
        preparation = Preparation.fit(rows)
        stated: dict[str, Any] = {"accelerator": device, "devices": 1}
        stated |= self.trainer.model_dump(exclude_none=True)
        with torch.random.fork_rng(), TemporaryDirectory(prefix="lightning-") as folder:
            torch.manual_seed(fitting.seed)
            network = self.network(preparation, rows.problem)
            checkpoints = fitting.checkpoints or Path(folder)
            train(network, self, rows, preparation, fitting, stated, checkpoints)
        return TorchPredictor(rows.problem, network, preparation)
