"""The feed-forward network in Flax, trained by Optax."""

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
from ..base import Backend, Neural, TrainingData
from ..epochs import Learner, train
from ..minibatches import Minibatch
from ..preparation import Inputs, Shape

Arrays = tuple[jax.Array, ...]
ACTIVATIONS = {"relu": jax.nn.relu, "gelu": jax.nn.gelu, "silu": jax.nn.silu, "tanh": jnp.tanh}


class Network(nnx.Module):
    """Hidden layers over numbers and embeddings of categories."""

    def __init__(self, model: Neural, shape: Shape, seed: int) -> None:
        """Initialize a network of the configured architecture with random weights."""
        rngs = nnx.Rngs(seed)
        widths = [model.embedded(size) for size in shape.sizes]
        pairs = zip(shape.sizes, widths, strict=True)
        self.embeddings = nnx.List([nnx.Embed(*pair, rngs=rngs) for pair in pairs])
        all_widths = [shape.numbers + sum(widths), *model.hidden_layer_sizes, shape.outputs]
        self.layers = nnx.List([nnx.Linear(*pair, rngs=rngs) for pair in pairwise(all_widths)])
        self.dropout = nnx.Dropout(model.dropout)
        self.activation = model.activation

    def __call__(
        self, numbers: jax.Array, codes: jax.Array, key: jax.Array | None = None
    ) -> jax.Array:
        """Compute outputs, shape (n, outputs); a key enables dropout."""
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


def loss(network: Network, batch: Arrays, key: jax.Array | None) -> jax.Array:
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
    network: Network, optimizer: nnx.Optimizer[Network], batch: Arrays, key: jax.Array
) -> None:
    gradients = nnx.grad(loss)(network, batch, key)
    optimizer.update(network, gradients)


@nnx.jit
def _loss(network: Network, batch: Arrays) -> jax.Array:
    return loss(network, batch, None)


@nnx.jit
def _outputs(network: Network, numbers: jax.Array, codes: jax.Array) -> jax.Array:
    return network(numbers, codes)


class JaxBackend(Backend[Network]):
    """JAX."""

    file = "weights.safetensors"

    def accelerator(self) -> str | None:
        """See `Backend.accelerator`."""
        platform = jax.devices()[0].platform
        return None if platform == "cpu" else platform

    def fit(self, model: Neural, training: TrainingData) -> Network:
        """See `Backend.fit`."""
        with jax.default_device(jax.devices(training.device)[0]):
            network = Network(model, training.shape, training.fitting.seed)
            train(JaxLearner(network, model), model, training)
        return network

    def outputs(self, network: Network, inputs: Inputs) -> ArrayLike:
        """See `Backend.outputs`; rows are padded, to compile the network for few shapes."""
        count = len(inputs.numbers)
        more = (1 << max(count - 1, 0).bit_length()) - count
        arrays = (inputs.numbers, inputs.codes)
        padded = [np.pad(array, ((0, more), (0, 0))) if more else array for array in arrays]
        found = _outputs(network, *map(jnp.asarray, padded))
        return np.asarray(found)[:count] if more else found

    def save(self, network: Network, path: Path) -> None:
        """See `Backend.save`."""
        save_file(weights(network), path)

    def load(self, path: Path, model: Neural, shape: Shape) -> Network:
        """See `Backend.load`."""
        network = Network(model, shape, seed=0)
        try:
            assign(network, load_file(path))
        except (OSError, SafetensorError, KeyError, ValueError) as error:
            raise ArtifactError(f"{path}: not the weights of this network: {error}") from error
        return network


class JaxLearner(Learner):
    """A network in training."""

    def __init__(self, network: Network, model: Neural) -> None:
        """Take a network."""
        self._network = network
        self._optimizer = nnx.Optimizer(network, transformation(model), wrt=nnx.Param)
        self._best = weights(network)
        self._key = jax.random.key(0)

    def begin(self, seed: int) -> None:
        """See `Learner.begin`."""
        self._key = jax.random.key(seed)

    def step(self, batch: Minibatch) -> None:
        """See `Learner.step`."""
        self._key, key = jax.random.split(self._key)
        _step(self._network, self._optimizer, tuple(map(jnp.asarray, batch.arrays)), key)

    def loss(self, batch: Minibatch) -> float:
        """See `Learner.loss`."""
        return float(_loss(self._network, tuple(map(jnp.asarray, batch.arrays))))

    def keep_best(self) -> None:
        """See `Learner.keep_best`."""
        self._best = weights(self._network)

    def restore_best(self) -> None:
        """See `Learner.restore_best`."""
        assign(self._network, self._best)

    def save(self, folder: Path) -> None:
        """See `Learner.save`."""
        save_file(weights(self._network), folder / "weights.safetensors")
        save_file(self._best, folder / "best.safetensors")
        save_file(weights(self._optimizer), folder / "optimizer.safetensors")

    def load(self, folder: Path) -> None:
        """See `Learner.load`."""
        assign(self._network, load_file(folder / "weights.safetensors"))
        self._best = load_file(folder / "best.safetensors")
        assign(self._optimizer, load_file(folder / "optimizer.safetensors"))


def weights(module: nnx.Pytree) -> dict[str, NDArray[Any]]:
    """Return the arrays of a module by their paths."""
    flat = nnx.to_flat_state(nnx.state(module))
    return {".".join(map(str, path)): np.asarray(value[...]) for path, value in flat}


def assign(module: nnx.Pytree, arrays: dict[str, NDArray[Any]]) -> None:
    """Assign arrays of `weights` to a module.

    Raises:
        KeyError: If an array is missing.
        ValueError: If an array has another shape.
    """
    for path, variable in nnx.to_flat_state(nnx.state(module)):
        array = arrays[".".join(map(str, path))]
        if array.shape != variable[...].shape:
            raise ValueError(f"{path} has shape {array.shape}, not {variable[...].shape}")
        variable[...] = jnp.asarray(array)


def transformation(model: Neural) -> optax.GradientTransformation:
    """Construct the configured optimizer."""
    known = {
        name: each
        for name, each in vars(optax).items()
        if isfunction(each) and [*signature(each).parameters][:1] == ["learning_rate"]
    }
    built: optax.GradientTransformation = model.optimizer.build(
        "Optax", known, learning_rate=model.learning_rate
    )
    return built
