"""A feed-forward network in JAX: Flax NNX, optimized by Optax."""

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from numpy.typing import ArrayLike

from ..errors import ConfigurationError
from ..tasks.base import Problem
from .base import FitContext, Predictor
from .neural.base import Neural, NeuralPredictor, Optimizer
from .neural.preparation import Inputs, Preparation
from .rows import Rows

if TYPE_CHECKING:
    from .neural.networks.jax import Network

FILE = "weights.safetensors"


class JaxModel(Neural):
    """A feed-forward network in JAX.

    Attributes:
        kind: `jax`.
    """

    kind: Literal["jax"] = "jax"
    libraries: ClassVar[tuple[str, ...]] = ("jax", "flax", "optax", "safetensors")
    optimizer: Optimizer = Optimizer(name="adamw")

    def fit(self, rows: Rows, fitting: FitContext) -> Predictor:
        """See `Model.fit`."""
        import jax

        from .neural.epochs import train
        from .neural.networks.jax import JaxLearner

        device = jax.devices("cpu" if self.device == "cpu" else None)[0]
        if self.device == "gpu" and device.platform == "cpu":
            raise ConfigurationError("JAX finds no GPU: choose auto or cpu", "model.device")
        fitting.log(f"{self.kind} learns on the {device.platform.upper()}")
        preparation = Preparation.fit(rows)
        with jax.default_device(device):
            network = self.network(preparation, rows.problem, fitting.seed)
            train(JaxLearner(network, self), self, rows, preparation, fitting)
        return JaxPredictor(rows.problem, network, preparation)

    def load(self, folder: Path, problem: Problem) -> Predictor:
        """See `Model.load`."""
        from .neural.networks.jax import read

        preparation = Preparation.load(folder)
        network = self.network(preparation, problem, seed=0)
        read(network, folder / FILE)
        return JaxPredictor(problem, network, preparation)

    def network(self, preparation: Preparation, problem: Problem, seed: int) -> "Network":
        """Return a network of the configured shape, with random weights."""
        from flax import nnx

        from .neural.networks.jax import Network

        numbers, outputs = 2 * len(preparation.means), len(problem.classes) or 1
        return Network(self, numbers, preparation.sizes, outputs, nnx.Rngs(seed))


class JaxPredictor(NeuralPredictor):
    """A fitted network of Flax."""

    def __init__(self, problem: Problem, network: "Network", preparation: Preparation) -> None:
        """Take the fitted network."""
        super().__init__(problem, preparation)
        self._network = network

    def raw_outputs(self, inputs: Inputs) -> ArrayLike:
        """See `NeuralPredictor.raw_outputs`."""
        from .neural.networks.jax import outputs

        return outputs(self._network, inputs)

    def save(self, folder: Path) -> None:
        """See `Predictor.save`."""
        from safetensors.numpy import save_file

        from .neural.networks.jax import weights

        super().save(folder)
        save_file(weights(self._network), folder / FILE)
