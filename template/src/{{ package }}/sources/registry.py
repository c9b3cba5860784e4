"""What a registry is: a source that keeps versions of a model, one of which bears an alias."""

from abc import ABC, abstractmethod
from pathlib import Path

from pydantic import Field

from ..errors import ProjectError
from .base import Source


class Registry(Source, ABC):
    """Versions of a model, and an alias that moves from one to another.

    Attributes:
        name: What the versions are of.
        alias: Which version is meant: the one that bears it.
    """

    name: str = Field(min_length=1)
    alias: str = Field("champion", pattern=r"^[A-Za-z][\w-]*$")

    def version(self) -> str:
        """See `Source.version`: the version that bears the alias."""
        if bearer := self.bearer():
            return bearer
        raise ProjectError(
            f"{self.kind}: no version of '{self.name}' bears the alias '{self.alias}': promote one"
        )

    @abstractmethod
    def bearer(self) -> str | None:
        """Return the version that bears the alias, if one does."""

    @abstractmethod
    def register(self, folder: Path) -> str:
        """Keep a saved model, unless it is kept already, and return its version."""

    @abstractmethod
    def assign(self, version: str, before: str | None) -> None:
        """Let a version bear the alias, and note which one did before."""

    @abstractmethod
    def before(self, version: str) -> str | None:
        """Return the version that bore the alias before this one, as `assign` noted."""
