"""The feed-forward network in Keras on TensorFlow, and its training."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from ....errors import ArtifactError
from ..base import Backend, Neural, TrainingData
from ..epochs import Learner, train
from ..minibatches import Minibatch
from ..preparation import Inputs, Shape

STATE = "learner.npz"


def network(model: Neural, shape: Shape, seed: int) -> Any:
    """Construct a Keras model of the configured architecture with random weights."""
    layers = keras.layers
    seeds = iter(np.random.SeedSequence(seed).generate_state(1_000) % 2**31)

    def seeded(kind: Callable[..., Any]) -> Any:
        return kind(seed=int(next(seeds)))

    inputs = [layers.Input((shape.numbers,)), layers.Input((len(shape.sizes),), dtype="int64")]
    parts = [inputs[0]]
    for at, size in enumerate(shape.sizes):
        weights = seeded(keras.initializers.RandomUniform)
        embed = layers.Embedding(size, model.embedded(size), embeddings_initializer=weights)
        parts.append(embed(inputs[1][:, at]))
    values = layers.Concatenate()(parts) if shape.sizes else parts[0]
    for width in model.hidden_layer_sizes:
        weights = seeded(keras.initializers.GlorotUniform)
        values = layers.Dense(width, model.activation, kernel_initializer=weights)(values)
        if model.dropout:
            values = layers.Dropout(model.dropout, seed=int(next(seeds)))(values)
    weights = seeded(keras.initializers.GlorotUniform)
    outputs = layers.Dense(shape.outputs, kernel_initializer=weights)(values)
    return keras.Model(inputs if shape.sizes else inputs[:1], outputs)


class TensorflowBackend(Backend[Any]):
    """Keras on TensorFlow."""

    file = "network.keras"

    def accelerator(self) -> str | None:
        """See `Backend.accelerator`."""
        return "gpu" if tf.config.list_physical_devices("GPU") else None

    def fit(self, model: Neural, training: TrainingData) -> Any:
        """See `Backend.fit`."""
        with tf.device(f"/{training.device}:0"):
            made = network(model, training.shape, training.fitting.seed)
            train(TensorflowLearner(made, model), model, training)
        return made

    def outputs(self, network: Any, inputs: Inputs) -> NDArray[np.float32]:
        """See `Backend.outputs`."""
        found = called(network, tf.constant(inputs.numbers), tf.constant(inputs.codes))
        return np.asarray(keras.ops.convert_to_numpy(found))

    def save(self, network: Any, path: Path) -> None:
        """See `Backend.save`."""
        network.save(path)

    def load(self, path: Path, model: Neural, shape: Shape) -> Any:
        """See `Backend.load`; only weights are read, for the file may state any architecture."""
        made = network(model, shape, seed=0)
        try:
            made.load_weights(path)
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"{path}: not a network of Keras: {str(error).splitlines()[0]}"
            raise ArtifactError(message) from error
        return made


class TensorflowLearner(Learner):
    """A network in training."""

    def __init__(self, network: Any, model: Neural) -> None:
        """Take a Keras model."""
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

    def step(self, batch: Minibatch) -> None:
        """See `Learner.step`."""
        self._compiled_step(*_tensors(batch))

    def loss(self, batch: Minibatch) -> float:
        """See `Learner.loss`."""
        return float(self._compiled_loss(*_tensors(batch)))

    def keep_best(self) -> None:
        """See `Learner.keep_best`."""
        self._best = [keras.ops.convert_to_numpy(each) for each in self._network.variables]

    def restore_best(self) -> None:
        """See `Learner.restore_best`."""
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
    """Call a network with numbers, and with codes if it takes any."""
    inputs = [numbers, codes] if len(network.inputs) > 1 else [numbers]
    return network(inputs, training=training)


def optimizer(model: Neural) -> Any:
    """Construct the configured optimizer."""
    known = {
        name: each
        for name, each in vars(keras.optimizers).items()
        if isinstance(each, type) and issubclass(each, keras.optimizers.Optimizer)
    }
    return model.optimizer.build("Keras", known, learning_rate=model.learning_rate)


def _tensors(batch: Minibatch) -> tuple[Any, ...]:
    return tuple(map(tf.constant, batch.arrays))


def _assign(variables: list[Any], values: list[NDArray[Any]]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
