"""A feed-forward network in JAX: Flax NNX, optimized by Optax."""

from typing import Any, ClassVar, Literal

from .neural.base import Backend, Neural
from .neural.optimizer import Optimizer


class JaxModel(Neural):
    """A feed-forward network in JAX.

    Attributes:
        kind: `jax`.
    """

    kind: Literal["jax"] = "jax"
    libraries: ClassVar[tuple[str, ...]] = ("jax", "flax", "optax", "safetensors")
    optimizer: Optimizer = Optimizer(name="adamw")

    def backend(self) -> Backend[Any]:
        """See `Neural.backend`."""
        from .neural.networks.jax import JaxBackend

        return JaxBackend()
