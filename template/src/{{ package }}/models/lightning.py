"""A feed-forward network in PyTorch, trained by Lightning."""

from typing import Any, ClassVar, Literal

from pydantic import NonNegativeFloat, PositiveInt

from ..strategy import Strategy
from .neural.base import Backend, Neural


class Trainer(Strategy):
    """Arguments of Lightning's Trainer, for one device.

    Each of several devices would read all rows, in a process that runs the whole command again.
    See https://lightning.ai/docs/pytorch/stable/common/trainer.html.
    """

    precision: Literal["32-true", "16-mixed", "bf16-mixed", "64-true", "bf16-true"] | None = None
    accumulate_grad_batches: PositiveInt | None = None
    gradient_clip_val: NonNegativeFloat | None = None
    gradient_clip_algorithm: Literal["norm", "value"] | None = None
    detect_anomaly: bool | None = None


class LightningModel(Neural):
    """A feed-forward network in PyTorch, trained by Lightning.

    Attributes:
        kind: `lightning`.
        trainer: Arguments of Lightning's Trainer.
    """

    kind: Literal["lightning"] = "lightning"
    libraries: ClassVar[tuple[str, ...]] = ("lightning", "torch", "safetensors")
    trainer: Trainer = Trainer()

    def backend(self) -> Backend[Any]:
        """See `Neural.backend`."""
        from .neural.networks.lightning import LightningBackend

        return LightningBackend(self.trainer.model_dump(exclude_none=True))
