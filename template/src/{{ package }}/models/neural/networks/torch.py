"""The feed-forward network in PyTorch, and its training."""

import copy
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from ....errors import ArtifactError
from ..base import Backend, Neural, TrainingData
from ..epochs import Learner, train
from ..minibatches import Minibatch
from ..preparation import Inputs, Shape

ACTIVATIONS = {"relu": nn.ReLU, "gelu": nn.GELU, "silu": nn.SiLU, "tanh": nn.Tanh}


class Network(nn.Module):
    """Hidden layers over numbers and embeddings of categories."""

    def __init__(self, model: Neural, shape: Shape) -> None:
        """Initialize a network of the configured architecture with random weights."""
        super().__init__()
        widths = [model.embedded(size) for size in shape.sizes]
        self.embeddings = nn.ModuleList(map(nn.Embedding, shape.sizes, widths))
        layers: list[nn.Module] = []
        width = shape.numbers + sum(widths)
        for hidden in model.hidden_layer_sizes:
            layers += [nn.Linear(width, hidden), ACTIVATIONS[model.activation]()]
            layers += [nn.Dropout(model.dropout)] if model.dropout else []
            width = hidden
        self.layers = nn.Sequential(*layers, nn.Linear(width, shape.outputs))

    def forward(self, numbers: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        """Compute outputs (n, outputs) of numbers (n, numbers) and codes (n, features)."""
        vectors = [embed(codes[:, at]) for at, embed in enumerate(self.embeddings)]
        outputs: torch.Tensor = self.layers(torch.cat([numbers, *vectors], dim=1))
        return outputs


class TorchBackend(Backend[Network]):
    """PyTorch."""

    file = "weights.safetensors"

    def accelerator(self) -> str | None:
        """See `Backend.accelerator`."""
        found = torch.accelerator.current_accelerator(check_available=True)
        return found.type if found else None

    def fit(self, model: Neural, training: TrainingData) -> Network:
        """See `Backend.fit`."""
        with torch.random.fork_rng():
            torch.manual_seed(training.fitting.seed)
            network = Network(model, training.shape)
            self.train(network, model, training)
        return network.eval()

    def train(self, network: Network, model: Neural, training: TrainingData) -> None:
        """Train a network in place."""
        train(TorchLearner(network.to(training.device), model), model, training)

    def outputs(self, network: Network, inputs: Inputs) -> NDArray[np.float32]:
        """See `Backend.outputs`."""
        device = next(network.parameters()).device
        with torch.inference_mode():
            numbers, codes = torch.from_numpy(inputs.numbers), torch.from_numpy(inputs.codes)
            found: NDArray[np.float32] = network(numbers.to(device), codes.to(device)).cpu().numpy()
            return found

    def save(self, network: Network, path: Path) -> None:
        """See `Backend.save`."""
        save_file({name: value.cpu() for name, value in network.state_dict().items()}, path)

    def load(self, path: Path, model: Neural, shape: Shape) -> Network:
        """See `Backend.load`."""
        network = Network(model, shape)
        try:
            network.load_state_dict(load_file(path))
        except (OSError, SafetensorError, RuntimeError) as error:
            raise ArtifactError(f"{path}: not the weights of this network: {error}") from error
        return network.eval()


class TorchLearner(Learner):
    """A network in training."""

    def __init__(self, network: Network, model: Neural) -> None:
        """Take a network, on its device."""
        self._network = network
        self._optimizer = optimizer(model, network)
        self._best = copy.deepcopy(network.state_dict())

    def begin(self, seed: int) -> None:
        """See `Learner.begin`."""
        torch.manual_seed(seed)

    def step(self, batch: Minibatch) -> None:
        """See `Learner.step`."""
        self._network.train()
        self._optimizer.zero_grad()
        torch.autograd.backward(self._loss(batch))
        self._optimizer.step()

    def loss(self, batch: Minibatch) -> float:
        """See `Learner.loss`."""
        self._network.eval()
        with torch.inference_mode():
            return float(self._loss(batch))

    def keep_best(self) -> None:
        """See `Learner.keep_best`."""
        self._best = copy.deepcopy(self._network.state_dict())

    def restore_best(self) -> None:
        """See `Learner.restore_best`."""
        self._network.load_state_dict(self._best)

    def save(self, folder: Path) -> None:
        """See `Learner.save`."""
        states = (self._network.state_dict(), self._optimizer.state_dict(), self._best)
        torch.save(states, folder / "learner.pt")

    def load(self, folder: Path) -> None:
        """See `Learner.load`; reads only tensors and numbers."""
        states = torch.load(folder / "learner.pt", weights_only=True)
        weights, optimizer, self._best = states
        self._network.load_state_dict(weights)
        self._optimizer.load_state_dict(optimizer)

    def _loss(self, batch: Minibatch) -> torch.Tensor:
        device = next(self._network.parameters()).device
        arrays = (torch.from_numpy(array).to(device) for array in batch.arrays)
        return mean_loss(self._network, *arrays)


def mean_loss(
    network: Network,
    numbers: torch.Tensor,
    codes: torch.Tensor,
    target: torch.Tensor,
    weight: torch.Tensor,
) -> torch.Tensor:
    """Return the weighted mean loss of rows: squared error, or cross-entropy of classes."""
    outputs: torch.Tensor = network(numbers, codes)
    if target.is_floating_point():
        losses = (outputs[:, 0] - target) ** 2
    else:
        losses = nn.functional.cross_entropy(outputs, target, reduction="none")
    return (losses * weight).sum() / weight.sum().clamp(min=1e-12)


def optimizer(model: Neural, network: Network) -> torch.optim.Optimizer:
    """Construct the configured optimizer of a network's weights."""
    known = {
        name: each
        for name, each in vars(torch.optim).items()
        if isinstance(each, type) and issubclass(each, torch.optim.Optimizer)
    }
    return model.optimizer.build("PyTorch", known, network.parameters(), lr=model.learning_rate)
