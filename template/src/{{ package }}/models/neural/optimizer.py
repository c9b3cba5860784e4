"""The optimizer of a network, by its name in the framework."""

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, TypeVar

from pydantic import Field, JsonValue

from ...errors import ConfigurationError, nearest
from ...strategy import Strategy

Built = TypeVar("Built")


class Optimizer(Strategy):
    """An optimizer of the framework.

    Attributes:
        name: The framework's name of the optimizer.
        parameters: The framework's parameters of it, except for the learning rate.
    """

    name: str = "AdamW"
    parameters: dict[str, JsonValue] = Field(default_factory=dict)

    def build(
        self, library: str, known: Mapping[str, Callable[..., Built]], *first: Any, **rate: float
    ) -> Built:
        """Construct the optimizer.

        Args:
            library: The title of the framework.
            known: The framework's optimizers by name.
            first: The positional arguments.
            rate: The learning rate, by the framework's name of it.

        Raises:
            ConfigurationError: If there is no such optimizer, or it rejects the parameters.
        """
        if self.name not in known:
            message = f"{library} has no optimizer '{self.name}'; {nearest(self.name, known)}"
            raise ConfigurationError(message, "model.optimizer.name")
        allowed = [*signature(known[self.name]).parameters][len(first) :]
        allowed = [key for key in allowed if key not in rate]
        for key in self.parameters:
            if key not in allowed:
                message = f"{self.name} has no parameter '{key}'; {nearest(key, allowed)}"
                raise ConfigurationError(message, "model.optimizer.parameters")
        try:
            return known[self.name](*first, **{**rate, **self.parameters})
        except (TypeError, ValueError) as error:
            message = f"{self.name}: {error}"
            raise ConfigurationError(message, "model.optimizer.parameters") from error
