"""The feed-forward network in Flax, and how it learns by Optax."""

from inspect import isfunction, signature
from itertools import pairwise
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx
from numpy.typing import ArrayLike, NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from ....errors import ArtifactError
from ..base import Neural
from ..epochs import Learner
from ..minibatches import Minibatch
from ..preparation import Inputs

ACTIVATIONS = {"relu": jax.nn.relu, "gelu": jax.nn.gelu, "silu": jax.nn.silu, "tanh": jnp.tanh}


class Network(nnx.Module):
    """Hidden layers over numbers and the vectors of categories."""

    def __init__(
        self, settings: Neural, numbers: int, sizes: list[int], outputs: int, rngs: nnx.Rngs
    ) -> None:
        """Construct it with random weights.

        Args:
            settings: Its shape.
            numbers: How many numbers it sees.
            sizes: How many categories there are of each feature that has any.
            outputs: How many numbers it gives.
            rngs: What the weights are drawn from.
        """
        widths = [settings.embedded(size) for size in sizes]
        shapes = zip(sizes, widths, strict=True)
        self.embeddings = nnx.List([nnx.Embed(*shape, rngs=rngs) for shape in shapes])
        all_widths = [numbers + sum(widths), *settings.hidden_layer_sizes, outputs]
        self.layers = nnx.List([nnx.Linear(*pair, rngs=rngs) for pair in pairwise(all_widths)])
        self.dropout = nnx.Dropout(settings.dropout)
        self.activation = settings.activation

    def __call__(
        self, numbers: jax.Array, codes: jax.Array, key: jax.Array | None = None
    ) -> jax.Array:
        """Give outputs of shape (n, outputs); with a key, some of the hidden ones are left out."""
        vectors = [embed(codes[:, at]) for at, embed in enumerate(self.embeddings)]
        values = jnp.concatenate([numbers, *vectors], axis=1)
        for at, layer in enumerate(self.layers):
            if at:
                values = ACTIVATIONS[self.activation](values)
                if key is not None:
                    key, one = jax.random.split(key)
                    values = self.dropout(values, deterministic=False, rngs=nnx.Rngs(one))
            values = layer(values)
        return values


def loss(network: Network, batch: tuple[jax.Array, ...], key: jax.Array | None) -> jax.Array:
    """Return the weighted mean loss of rows: squared error, or cross-entropy of classes."""
    numbers, codes, target, weight = batch
    outputs = network(numbers, codes, key)
    if jnp.issubdtype(target.dtype, jnp.floating):
        losses = (outputs[:, 0] - target) ** 2
    else:
        losses = optax.softmax_cross_entropy_with_integer_labels(outputs, target)
    return jnp.sum(losses * weight) / jnp.maximum(jnp.sum(weight), 1e-12)


@nnx.jit
def _step(
    network: Network,
    optimizer: nnx.Optimizer[Network],
    batch: tuple[jax.Array, ...],
    key: jax.Array,
) -> None:
    gradients = nnx.grad(loss)(network, batch, key)
    optimizer.update(network, gradients)


@nnx.jit
def _loss(network: Network, batch: tuple[jax.Array, ...]) -> jax.Array:
    return loss(network, batch, None)


@nnx.jit
def _outputs(network: Network, numbers: jax.Array, codes: jax.Array) -> jax.Array:
    return network(numbers, codes)


class JaxLearner(Learner):
    """The network while it learns."""

    def __init__(self, network: Network, model: Neural) -> None:
        """Hold a network."""
        self._network = network
        self._optimizer = nnx.Optimizer(network, transformation(model), wrt=nnx.Param)
        self._best = weights(network)
        self._key = jax.random.key(0)

    def begin(self, seed: int) -> None:
        """See `Learner.begin`."""
        self._key = jax.random.key(seed)

    def learn(self, batch: Minibatch) -> None:
        """See `Learner.learn`."""
        self._key, key = jax.random.split(self._key)
        _step(self._network, self._optimizer, _arrays(batch), key)

    def loss(self, batch: Minibatch) -> float:
        """See `Learner.loss`."""
        return float(_loss(self._network, _arrays(batch)))

    def keep(self) -> None:
        """See `Learner.keep`."""
        self._best = weights(self._network)

    def go_back(self) -> None:
        """See `Learner.go_back`."""
        take(self._network, self._best)

    def save(self, folder: Path) -> None:
        """See `Learner.save`."""
        save_file(weights(self._network), folder / "weights.safetensors")
        save_file(self._best, folder / "best.safetensors")
        save_file(weights(self._optimizer), folder / "optimizer.safetensors")

    def load(self, folder: Path) -> None:
        """See `Learner.load`."""
        take(self._network, load_file(folder / "weights.safetensors"))
        self._best = load_file(folder / "best.safetensors")
        take(self._optimizer, load_file(folder / "optimizer.safetensors"))


def _arrays(batch: Minibatch) -> tuple[jax.Array, ...]:
    arrays = (batch.numbers, batch.codes, batch.target, batch.weight)
    return tuple(map(jnp.asarray, arrays))


def weights(module: nnx.Pytree) -> dict[str, NDArray[Any]]:
    """Return all that a module holds, by the path of each array."""
    flat = nnx.to_flat_state(nnx.state(module))
    return {".".join(map(str, path)): np.asarray(value[...]) for path, value in flat}


def take(module: nnx.Pytree, arrays: dict[str, NDArray[Any]]) -> None:
    """Give a module what `weights` returned.

    Raises:
        KeyError: If an array is missing.
        ValueError: If one is of another shape.
    """
    for path, variable in nnx.to_flat_state(nnx.state(module)):
        array = arrays[".".join(map(str, path))]
        if array.shape != variable[...].shape:
            raise ValueError(f"{path} is of shape {array.shape}, not {variable[...].shape}")
        variable[...] = jnp.asarray(array)


def read(network: Network, path: Path) -> None:
    """Give a network the weights that lie in a file.

    Raises:
        ArtifactError: If they are not those of such a network.
    """
    try:
        take(network, load_file(path))
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise ArtifactError(f"{path}: not the weights of this network: {error}") from error


def transformation(model: Neural) -> optax.GradientTransformation:
    """Return the optimizer that is configured."""
    known = {
        name: each
        for name, each in vars(optax).items()
        if isfunction(each) and [*signature(each).parameters][:1] == ["learning_rate"]
    }
    made: optax.GradientTransformation = model.built("Optax", known, "learning_rate")
    return made


def outputs(network: Network, inputs: Inputs) -> ArrayLike:
    """Return a network's outputs, shape (n, outputs), which may still be being computed.

    It is compiled for a few sizes of n only.
    """
    count = len(inputs.numbers)
    more = (1 << max(count - 1, 0).bit_length()) - count
    arrays = (inputs.numbers, inputs.codes)
    filled = [np.pad(array, ((0, more), (0, 0))) if more else array for array in arrays]
    found = _outputs(network, *map(jnp.asarray, filled))
    return np.asarray(found)[:count] if more else found
