"""The registry interface: a source with versions of a model, and an alias for one of them."""

from abc import ABC, abstractmethod
from pathlib import Path

from pydantic import Field

from ..errors import ProjectError
from .base import Source


class Registry(Source, ABC):
    """Versions of a registered model, and a movable alias.

    Attributes:
        name: The name of the registered model.
        alias: The alias whose version is used.
    """

    name: str = Field(min_length=1)
    alias: str = Field("champion", pattern=r"^[A-Za-z][\w-]*$")

    def version(self) -> str:
        """See `Source.version`: the version that has the alias."""
        if bearer := self.bearer():
            return bearer
        raise ProjectError(
            f"{self.kind}: no version of '{self.name}' has the alias '{self.alias}': promote one"
        )

    @abstractmethod
    def bearer(self) -> str | None:
        """Return the version that has the alias, if any."""

    @abstractmethod
    def register(self, folder: Path) -> str:
        """Register a saved model, unless it is registered already, and return its version."""

    @abstractmethod
    def assign(self, version: str, before: str | None) -> None:
        """Move the alias to a version, and record the previous one."""

    @abstractmethod
    def before(self, version: str) -> str | None:
        """Return the version that had the alias before this one, as recorded by `assign`."""
