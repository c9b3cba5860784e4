"""The feed-forward network in Keras on TensorFlow, and how it learns."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from ....errors import ArtifactError
from ..base import Neural
from ..epochs import Learner
from ..minibatches import Minibatch
from ..preparation import Inputs

STATE = "learner.npz"


def network(settings: Neural, numbers: int, sizes: list[int], outputs: int, seed: int) -> Any:
    """Construct a Keras model with random weights.

    Args:
        settings: Its shape.
        numbers: How many numbers it sees.
        sizes: How many categories there are of each feature that has any.
        outputs: How many numbers it gives.
        seed: What the weights are drawn from.
    """
    layers = keras.layers
    seeds = iter(np.random.SeedSequence(seed).generate_state(1_000) % 2**31)

    def drawn(kind: Callable[..., Any]) -> Any:
        return kind(seed=int(next(seeds)))

    inputs = [layers.Input((numbers,)), layers.Input((len(sizes),), dtype="int64")]
    parts = [inputs[0]]
    for at, size in enumerate(sizes):
        weights = drawn(keras.initializers.RandomUniform)
        embed = layers.Embedding(size, settings.embedded(size), embeddings_initializer=weights)
        parts.append(embed(inputs[1][:, at]))
    values = layers.Concatenate()(parts) if sizes else parts[0]
    for width in settings.hidden_layer_sizes:
        weights = drawn(keras.initializers.GlorotUniform)
        values = layers.Dense(width, settings.activation, kernel_initializer=weights)(values)
        if settings.dropout:
            values = layers.Dropout(settings.dropout, seed=int(next(seeds)))(values)
    last = layers.Dense(outputs, kernel_initializer=drawn(keras.initializers.GlorotUniform))
    return keras.Model(inputs if sizes else inputs[:1], last(values))


class TensorflowLearner(Learner):
    """The network while it learns."""

    def __init__(self, network: Any, model: Neural) -> None:
        """Hold a Keras model."""
        self._network = network
        self._optimizer = optimizer(model)
        self._optimizer.build(network.trainable_variables)
        self._best = [keras.ops.convert_to_numpy(each) for each in network.variables]
        self._compiled_step = tf.function(self._step, reduce_retracing=True)
        self._compiled_loss = tf.function(self._loss, reduce_retracing=True)

    def begin(self, seed: int) -> None:
        """See `Learner.begin`."""
        for layer in self._network.layers:
            if isinstance(layer, keras.layers.Dropout):
                layer.seed_generator.state.assign([seed, 0])

    def learn(self, batch: Minibatch) -> None:
        """See `Learner.learn`."""
        self._compiled_step(*_tensors(batch))

    def loss(self, batch: Minibatch) -> float:
        """See `Learner.loss`."""
        return float(self._compiled_loss(*_tensors(batch)))

    def keep(self) -> None:
        """See `Learner.keep`."""
        self._best = [keras.ops.convert_to_numpy(each) for each in self._network.variables]

    def go_back(self) -> None:
        """See `Learner.go_back`."""
        _assign(self._network.variables, self._best)

    def save(self, folder: Path) -> None:
        """See `Learner.save`."""
        parts = {
            "weights": self._network.variables,
            "optimizer": self._optimizer.variables,
            "best": self._best,
        }
        arrays = {
            f"{name}-{at}": keras.ops.convert_to_numpy(each)
            for name, part in parts.items()
            for at, each in enumerate(part)
        }
        np.savez(folder / STATE, allow_pickle=False, **arrays)

    def load(self, folder: Path) -> None:
        """See `Learner.load`."""
        with np.load(folder / STATE, allow_pickle=False) as file:

            def part(name: str, count: int) -> list[NDArray[Any]]:
                return [file[f"{name}-{at}"] for at in range(count)]

            _assign(self._network.variables, part("weights", len(self._network.variables)))
            _assign(self._optimizer.variables, part("optimizer", len(self._optimizer.variables)))
            self._best = part("best", len(self._network.variables))

    def _step(self, numbers: Any, codes: Any, target: Any, weight: Any) -> None:
        with tf.GradientTape() as tape:
            loss = self._loss(numbers, codes, target, weight, training=True)
        variables = self._network.trainable_variables
        self._optimizer.apply(tape.gradient(loss, variables), variables)

    def _loss(
        self, numbers: Any, codes: Any, target: Any, weight: Any, *, training: bool = False
    ) -> Any:
        """Return the weighted mean loss of rows: squared error, or cross-entropy of classes."""
        outputs = called(self._network, numbers, codes, training=training)
        if target.dtype.is_floating:
            losses = tf.square(outputs[:, 0] - target)
        else:
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(target, outputs)
        return tf.reduce_sum(losses * weight) / tf.maximum(tf.reduce_sum(weight), 1e-12)


def called(network: Any, numbers: Any, codes: Any, *, training: bool = False) -> Any:
    """Call a network with what it takes: with codes, if there are any."""
    inputs = [numbers, codes] if len(network.inputs) > 1 else [numbers]
    return network(inputs, training=training)


def outputs(network: Any, inputs: Inputs) -> NDArray[np.float32]:
    """Return a network's outputs, shape (n, outputs), with nothing left out."""
    found = called(network, tf.constant(inputs.numbers), tf.constant(inputs.codes))
    return np.asarray(keras.ops.convert_to_numpy(found))


def read(path: Path) -> Any:
    """Read a network from Keras's own format; nothing in it is run.

    Raises:
        ArtifactError: If there is none.
    """
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{path}: not a network of Keras: {str(error).splitlines()[0]}"
        raise ArtifactError(message) from error


def optimizer(model: Neural) -> Any:
    """Return the optimizer that is configured."""
    known = {
        name: each
        for name, each in vars(keras.optimizers).items()
        if isinstance(each, type) and issubclass(each, keras.optimizers.Optimizer)
    }
    return model.built("Keras", known, "learning_rate")


def device(asked: str) -> str:
    """Return what TensorFlow computes on: a GPU if one is there and asked for, or the CPU."""
    return "/GPU:0" if asked != "cpu" and tf.config.list_physical_devices("GPU") else "/CPU:0"


def _tensors(batch: Minibatch) -> tuple[Any, ...]:
    arrays = (batch.numbers, batch.codes, batch.target, batch.weight)
    return tuple(map(tf.constant, arrays))


def _assign(variables: list[Any], values: list[NDArray[Any]]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
