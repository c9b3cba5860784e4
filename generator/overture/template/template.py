"""A template in one version, with everything that is read from it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from overture.template.interview import Interview
from overture.template.migrations import Migrations
from overture.template.source import Source, opened, reopened

if TYPE_CHECKING:
    from overture.template.catalogue import Catalogue


@dataclass(frozen=True)
class Template:
    """A template in one version; each of its parts is loaded once, when it is first used.

    Attributes:
        source: Where the template is read from.
        defaults: Defaults that replace the template's, such as those of the user's Copier settings.
        folder: The name of the project's folder, if it is known.
    """

    source: Source
    defaults: Mapping[str, object] = field(default_factory=dict)
    folder: str = ""

    @classmethod
    @contextmanager
    def open(
        cls,
        address: str | None = None,
        ref: str | None = None,
        defaults: Mapping[str, object] | None = None,
        folder: str = "",
    ) -> Iterator[Self]:
        """Open a template for as long as the context lasts.

        Args:
            address: A path or a git URL; by default the template that this package comes with.
            ref: The version; by default the newest, but `HEAD` for this package's own checkout.
            defaults: Defaults that replace the template's.
            folder: The name of the project's folder, if it is known.

        Raises:
            SourceError: If there is no template, or no such version of it.
        """
        with opened(address, ref) as source:
            yield cls(source, defaults or {}, folder)

    @classmethod
    @contextmanager
    def reopen(cls, address: str, ref: str | None) -> Iterator[Self]:
        """Open the template that a project records for as long as the context lasts.

        Args:
            address: The template that the project records.
            ref: The version; by default the newest.

        Raises:
            SourceError: If there is no template, or no such version of it.
        """
        with reopened(address, ref) as source:
            yield cls(source)

    @property
    def root(self) -> Path:
        """The folder that holds the template's files."""
        return self.source.root

    @cached_property
    def interview(self) -> Interview:
        """The questions and their rules.

        Raises:
            InterviewError: If they cannot be read.
        """
        return Interview.load(self.root, self.defaults, self.folder)

    @cached_property
    def catalogue(self) -> "Catalogue":
        """The components.

        Raises:
            CatalogueError: If an entry breaks a rule.
        """
        from overture.template.catalogue import Catalogue

        return Catalogue.load(self.root, self.interview.families)

    @cached_property
    def migrations(self) -> Migrations:
        """What its versions moved or renamed.

        Raises:
            CatalogueError: If the file of migrations breaks a rule.
        """
        return Migrations.load(self.root)
