"""A project opened for a change, with its template in the old and in the new version."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from overture.errors import (
    MissingTemplateError,
    OlderVersionError,
    RemovedComponentError,
    UnknownVersionError,
)
from overture.git import holds, is_before
from overture.project.project import Project, Recorded
from overture.template.answers import check_keys
from overture.template.entries import Entry
from overture.template.migrations import Migrations, version
from overture.template.source import Source
from overture.template.template import Template

FROM = "--from VERSION"
MOVED = (
    "If it moved, write its address into _src_path of the answers file, commit, "
    "and add --accept-answers."
)


@dataclass(frozen=True)
class Opened:
    """A project with its template, in the version that it follows and in the new one.

    Attributes:
        project: The project.
        recorded: What it was rendered from.
        old: The template that it was rendered from.
        new: The template that it will follow; the same object if the version does not change.
    """

    project: Project
    recorded: Recorded
    old: Template
    new: Template

    @classmethod
    @contextmanager
    def open(cls, project: Project, recorded: Recorded) -> Iterator[Self]:
        """Open a project with the template that it follows, for as long as the context lasts.

        Args:
            project: The project.
            recorded: What it was rendered from.

        Raises:
            SourceError: If the template cannot be read, or has no such version.
        """
        with ExitStack() as stack:
            try:
                template = Template.reopen(recorded.template, recorded.version)
                old = stack.enter_context(template)
            except UnknownVersionError as error:
                message = f"The version that the project was made from is gone: {error.message}"
                raise UnknownVersionError(message, f"Name the nearest one: {FROM}") from error
            except MissingTemplateError as error:
                message = f"The template that the project was made from is gone: {error.message}"
                raise MissingTemplateError(message, MOVED) from error
            yield cls(project, recorded, old, old)

    @contextmanager
    def upgraded(self, to: str | None) -> Iterator[Self]:
        """Open another version of the template too, for as long as the context lasts.

        Args:
            to: The version; by default the newest.

        Raises:
            SourceError: If there is no such version, or it is older than the project's.
        """
        with Template.reopen(self.recorded.template, to) as found:
            check_later(self.old.source, found.source)
            commit = found.source.commit
            is_same = commit is not None and commit == self.old.source.commit
            yield replace(self, new=self.old if is_same else found)

    @cached_property
    def migrations(self) -> Migrations:
        """What was moved or renamed between the versions."""
        return self.new.migrations.after(self.recorded.version)

    @cached_property
    def answers(self) -> Mapping[str, object]:
        """The recorded answers, as the new version names them."""
        return self.migrations.answers(self.recorded.answers)

    def check_answers(self) -> None:
        """Refuse a new version that lacks a question or a component of the project.

        Raises:
            UnknownQuestionError: If a question is gone.
            RemovedComponentError: If a component is gone, and no migration names another.
        """
        check_keys(self.answers, self.new.interview)
        if self.old is not self.new and (gone := self.unknown(self.answers)):
            message = f"The template's version {self.new.source.label} has no {', '.join(gone)}."
            remedy = f"Remove it first, and commit: {shlex.join(('overture', 'remove', *gone))}"
            raise RemovedComponentError(message, remedy)

    def has(self, entry: Entry) -> bool:
        """Tell whether the project has a component."""
        return entry.id in members(self.answers.get(entry.family))

    def ids(self, answers: Mapping[str, object]) -> set[str]:
        """Return the components that answers choose."""
        families = self.new.interview.families
        return {id_ for family in families for id_ in members(answers.get(family))}

    def unknown(self, answers: Mapping[str, object]) -> tuple[str, ...]:
        """Return the ids in answers that are no component."""
        ids = self.ids(answers) - {"none"}
        return tuple(sorted(id_ for id_ in ids if id_ not in self.new.catalogue))


def check_later(old: Source, new: Source) -> None:
    """Refuse a version of a template that is older than another.

    Raises:
        OlderVersionError: If it is older.
    """
    before, after = old.commit, new.commit
    if before is None or after is None or before == after:
        return
    is_older = is_before(after, before, old.root)
    remedy = "Wait for a later release, or follow the template's commits: --to HEAD"
    if not holds(new.root, before):
        is_older = is_older or version(new.label) < version(old.label)
        remedy = "Upgrade overture: the template that it includes is older."
    if is_older:
        message = f"{new.label} is older than the version that the project follows, {old.label}."
        raise OlderVersionError(message, remedy)


def members(value: object) -> Sequence[str]:
    """Return the ids in an answer to a family's question."""
    return [value] if isinstance(value, str) else list(value) if isinstance(value, list) else []
