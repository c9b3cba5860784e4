"""A feed-forward network in PyTorch."""

from typing import Any, ClassVar, Literal

from .neural.base import Backend, Neural


class TorchModel(Neural):
    """A feed-forward network in PyTorch.

    Attributes:
        kind: `torch`.
    """

    kind: Literal["torch"] = "torch"
    libraries: ClassVar[tuple[str, ...]] = ("torch", "safetensors")

    def backend(self) -> Backend[Any]:
        """See `Neural.backend`."""
        from .neural.networks.torch import TorchBackend

        return TorchBackend()
