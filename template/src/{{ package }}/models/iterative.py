"""What models share that are fitted in passes over the rows: boosting and neural networks."""

from abc import ABC
from collections.abc import Callable
from typing import ClassVar, Literal

from pydantic import PositiveInt

from ..errors import ConfigurationError
from ..schemas.base import Schema
from ..tasks.base import Task
from .base import FitContext, Model
from .trial import attempt, synthetic

TRIAL_ROWS = 1_000  # enough for the smallest usual sampling rates


class IterativeModel(Model, ABC):
    """A model that is fitted in passes over the training rows: boosting rounds, or epochs.

    Attributes:
        passes: The name of the parameter that is the maximum number of passes.
        checked: The dotted key that an error names if the library rejects the parameters.
        patience: The number of passes without an improvement on the validation rows after which
            training stops, and the best pass is kept; null disables early stopping, and all rows
            are training rows.
        device: The device to train on; `auto` uses an accelerator if one is available.
        external_memory: Whether the training rows stay on disk and are streamed, for tables that
            do not fit in memory.
    """

    passes: ClassVar[str]
    checked: ClassVar[str]
    patience: PositiveInt | None = None
    device: Literal["auto", "cpu", "gpu"] = "auto"
    external_memory: bool = False

    @property
    def streaming(self) -> bool:
        """See `Model.streaming`."""
        return self.external_memory

    @property
    def early_stopping(self) -> bool:
        """See `Model.early_stopping`."""
        return self.patience is not None

    @property
    def max_passes(self) -> int | None:
        """See `Model.max_passes`."""
        return int(getattr(self, self.passes))

    def check(self, task: Task, schema: Schema) -> None:
        """See `Model.check`; the library validates its parameters in one pass over a few rows."""
        trial = self.model_copy(update={self.passes: 1, "external_memory": False})
        attempt(trial, [synthetic(task, schema, count=TRIAL_ROWS)], self.checked)

    def choose_device(self, fitting: FitContext, accelerator: Callable[[], str | None]) -> str:
        """Choose the device to train on, and log it.

        Args:
            fitting: The context of the fit.
            accelerator: Returns the library's name of an accelerator that it can use, if any.

        Returns:
            That name, or `cpu`.

        Raises:
            ConfigurationError: If a GPU is required, and none is available.
        """
        found = None if self.device == "cpu" else accelerator()
        if self.device == "gpu" and found is None:
            message = f"{self.kind} finds no GPU: choose auto or cpu"
            raise ConfigurationError(message, "model.device")
        device = found or "cpu"
        fitting.log(f"training {self.kind} on {device.upper()}")
        return device
