"""A feed-forward network in PyTorch."""

from abc import ABC
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import ArtifactError, ConfigurationError
from ..tasks.base import Problem
from .base import FitContext, Predictor
from .neural.base import Neural, NeuralPredictor
from .neural.preparation import Inputs, Preparation
from .rows import Rows

if TYPE_CHECKING:
    from .neural.networks.torch import Network

FILE = "weights.safetensors"


class TorchNeural(Neural, ABC):
    """The PyTorch network, independent of its trainer."""

    def load(self, folder: Path, problem: Problem) -> Predictor:
        """See `Model.load`."""
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        preparation = Preparation.load(folder)
        network = self.network(preparation, problem)
        try:
            network.load_state_dict(load_file(folder / FILE))
        except (OSError, SafetensorError, RuntimeError) as error:
            message = f"{folder / FILE}: not the weights of this network: {error}"
            raise ArtifactError(message) from error
        return TorchPredictor(problem, network, preparation)

    def network(self, preparation: Preparation, problem: Problem) -> "Network":
        """Return a network of the configured shape, with random weights."""
        from .neural.networks.torch import Network

        numbers = 2 * len(preparation.means)
        return Network(self, numbers, preparation.sizes, len(problem.classes) or 1)

    def place(self, fitting: FitContext) -> str:
        """Return the device, and log it.

        Raises:
            ConfigurationError: If an accelerator is required, and there is none.
        """
        from .neural.networks.torch import accelerator

        device = accelerator(self.device)
        if self.device == "gpu" and device == "cpu":
            raise ConfigurationError("PyTorch finds no GPU: choose auto or cpu", "model.device")
        fitting.log(f"{self.kind} learns on the {'CPU' if device == 'cpu' else f'GPU ({device})'}")
        return device


class TorchModel(TorchNeural):
    """A feed-forward network in PyTorch.

    Attributes:
        kind: `torch`.
    """

    kind: Literal["torch"] = "torch"
    libraries: ClassVar[tuple[str, ...]] = ("torch", "safetensors")

    def fit(self, rows: Rows, fitting: FitContext) -> Predictor:
        """See `Model.fit`."""
        import torch

        from .neural.epochs import train
        from .neural.networks.torch import TorchLearner

        device = self.place(fitting)
        preparation = Preparation.fit(rows)
        with torch.random.fork_rng():
            torch.manual_seed(fitting.seed)
            network = self.network(preparation, rows.problem).to(device)
            train(TorchLearner(network, self), self, rows, preparation, fitting)
        return TorchPredictor(rows.problem, network, preparation)


class TorchPredictor(NeuralPredictor):
    """A fitted network of PyTorch."""

    def __init__(self, problem: Problem, network: "Network", preparation: Preparation) -> None:
        """Take the fitted network."""
        super().__init__(problem, preparation)
        self._network = network.eval()

    def raw_outputs(self, inputs: Inputs) -> NDArray[np.float32]:
        """See `NeuralPredictor.raw_outputs`."""
        from .neural.networks.torch import outputs

        return outputs(self._network, inputs)

    def save(self, folder: Path) -> None:
        """See `Predictor.save`."""
        from safetensors.torch import save_file

        super().save(folder)
        weights = {name: value.cpu() for name, value in self._network.state_dict().items()}
        save_file(weights, folder / FILE)
