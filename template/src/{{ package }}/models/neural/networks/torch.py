"""The feed-forward network in PyTorch, and how it learns."""

import copy
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ..base import Neural
from ..epochs import Learner
from ..minibatches import Minibatch
from ..preparation import Inputs

ACTIVATIONS = {"relu": nn.ReLU, "gelu": nn.GELU, "silu": nn.SiLU, "tanh": nn.Tanh}


class Network(nn.Module):
    """Hidden layers over numbers and the vectors of categories."""

    def __init__(self, settings: Neural, numbers: int, sizes: list[int], outputs: int) -> None:
        """Construct it with random weights.

        Args:
            settings: Its shape.
            numbers: How many numbers it sees.
            sizes: How many categories there are of each feature that has any.
            outputs: How many numbers it gives.
        """
        super().__init__()
        widths = [settings.embedded(size) for size in sizes]
        self.embeddings = nn.ModuleList(map(nn.Embedding, sizes, widths))
        layers: list[nn.Module] = []
        width = numbers + sum(widths)
        for hidden in settings.hidden_layer_sizes:
            layers += [nn.Linear(width, hidden), ACTIVATIONS[settings.activation]()]
            layers += [nn.Dropout(settings.dropout)] if settings.dropout else []
            width = hidden
        self.layers = nn.Sequential(*layers, nn.Linear(width, outputs))

    def forward(self, numbers: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        """Give outputs of shape (n, outputs) for numbers (n, numbers) and codes (n, features)."""
        vectors = [embed(codes[:, at]) for at, embed in enumerate(self.embeddings)]
        outputs: torch.Tensor = self.layers(torch.cat([numbers, *vectors], dim=1))
        return outputs


def losses(outputs: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return the loss of each row, shape (n,): squared error, or cross-entropy of classes."""
    if target.is_floating_point():
        return (outputs[:, 0] - target) ** 2
    return nn.functional.cross_entropy(outputs, target, reduction="none")


def loss(outputs: torch.Tensor, target: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Return the weighted mean of the losses of rows."""
    return (losses(outputs, target) * weight).sum() / weight.sum().clamp(min=1e-12)


def accelerator(device: str) -> str:
    """Return what PyTorch computes on: CUDA or Metal if one is there and asked for, or the CPU."""
    found = torch.accelerator.current_accelerator(check_available=True)
    return "cpu" if device == "cpu" or found is None else found.type


class TorchLearner(Learner):
    """The network while it learns."""

    def __init__(self, network: Network, model: Neural) -> None:
        """Hold a network, on the device where it learns."""
        self._network = network
        self._optimizer = optimizer(model, network)
        self._best = copy.deepcopy(network.state_dict())

    def begin(self, seed: int) -> None:
        """See `Learner.begin`."""
        torch.manual_seed(seed)

    def learn(self, batch: Minibatch) -> None:
        """See `Learner.learn`."""
        self._network.train()
        self._optimizer.zero_grad()
        torch.autograd.backward(self._loss(batch))
        self._optimizer.step()

    def loss(self, batch: Minibatch) -> float:
        """See `Learner.loss`."""
        self._network.eval()
        with torch.inference_mode():
            return float(self._loss(batch))

    def keep(self) -> None:
        """See `Learner.keep`."""
        self._best = copy.deepcopy(self._network.state_dict())

    def go_back(self) -> None:
        """See `Learner.go_back`."""
        self._network.load_state_dict(self._best)

    def save(self, folder: Path) -> None:
        """See `Learner.save`."""
        states = (self._network.state_dict(), self._optimizer.state_dict(), self._best)
        torch.save(states, folder / "learner.pt")

    def load(self, folder: Path) -> None:
        """See `Learner.load`; nothing but tensors and numbers is read."""
        states = torch.load(folder / "learner.pt", weights_only=True)
        weights, optimizer, self._best = states
        self._network.load_state_dict(weights)
        self._optimizer.load_state_dict(optimizer)

    def _loss(self, batch: Minibatch) -> torch.Tensor:
        device = next(self._network.parameters()).device
        arrays = (batch.numbers, batch.codes, batch.target, batch.weight)
        numbers, codes, target, weight = (torch.from_numpy(each).to(device) for each in arrays)
        return loss(self._network(numbers, codes), target, weight)


def optimizer(model: Neural, network: Network) -> torch.optim.Optimizer:
    """Return the optimizer that is configured, for the weights of a network."""
    known = {
        name: each
        for name, each in vars(torch.optim).items()
        if isinstance(each, type) and issubclass(each, torch.optim.Optimizer)
    }
    return model.built("PyTorch", known, "lr", network.parameters())


def outputs(network: Network, inputs: Inputs) -> NDArray[np.float32]:
    """Return a network's outputs, shape (n, outputs), with nothing left out."""
    device = next(network.parameters()).device
    with torch.inference_mode():
        numbers, codes = torch.from_numpy(inputs.numbers), torch.from_numpy(inputs.codes)
        found: NDArray[np.float32] = network(numbers.to(device), codes.to(device)).cpu().numpy()
        return found
