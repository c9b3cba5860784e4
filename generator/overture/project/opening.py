"""A project opened for a change: with its template, as it was and as it will be."""

import shlex
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from overture.errors import SelectionError, SourceError
from overture.git import holds, is_before
from overture.project.project import Project, Recorded
from overture.template.answers import check_keys
from overture.template.catalogue import Catalogue
from overture.template.entries import Entry
from overture.template.interview import Interview
from overture.template.migrations import Migrations, version
from overture.template.source import Source, reopened


@dataclass(frozen=True)
class Opened:
    """A project with its template, in the version that it was made from and in the next.

    Attributes:
        project: The project.
        old: The template that it was made from.
        new: The template that it will follow.
        interview: The questions of the next version.
        catalogue: The components of the next version.
        migrations: What moved between the versions.
        answers: The recorded answers, as the next version names them.
    """

    project: Project
    old: Source
    new: Source
    interview: Interview
    catalogue: Catalogue
    migrations: Migrations
    answers: Mapping[str, object]

    @classmethod
    def of(cls, stack: ExitStack, project: Project, recorded: Recorded, to: str | None) -> "Opened":
        """Open a project, for as long as a stack of contexts lasts.

        Args:
            stack: What closes the template.
            project: The project.
            recorded: What it was made from.
            to: The version that it will follow; by default the newest.

        Raises:
            SourceError: If there is no such version, or it is older than the project's.
            SelectionError: If that version has not all of the project's components.
            AnswersError: If it has not all of the questions.
        """
        try:
            old = stack.enter_context(reopened(recorded.template, recorded.version))
        except SourceError as error:
            message = f"The version that the project was made from is gone: {error.message}"
            raise SourceError(message, "Name the nearest one: --from VERSION") from error
        new = stack.enter_context(reopened(recorded.template, to))
        interview = Interview.load(new.root)
        catalogue = Catalogue.load(new.root, interview.families)
        migrations = Migrations.load(new.root).after(recorded.version)
        answers = migrations.answers(recorded.answers)
        check_keys(answers, interview)
        found = cls(project, old, new, interview, catalogue, migrations, answers)
        if old.commit != new.commit:
            found.check_version()
        return found

    def check_version(self) -> None:
        """Refuse a version that is older than the project's, or has not all of its components.

        Raises:
            SourceError: If it is older.
            SelectionError: If a component is gone, and no migration names another.
        """
        check_later(self.old, self.new)
        if gone := self.unknown(self.answers):
            message = f"The template's version {self.new.described} has no {', '.join(gone)}."
            remedy = f"Leave it out first, and commit: {shlex.join(('overture', 'remove', *gone))}"
            raise SelectionError(message, remedy)

    def has(self, entry: Entry) -> bool:
        """Tell whether the project has a component."""
        return entry.id in members(self.answers.get(entry.family))

    def ids(self, answers: Mapping[str, object]) -> set[str]:
        """Return the components that answers choose."""
        return {id_ for family in self.interview.families for id_ in members(answers.get(family))}

    def unknown(self, answers: Mapping[str, object]) -> tuple[str, ...]:
        """Return what answers choose that is no component."""
        ids = self.ids(answers) - {"none"}
        return tuple(sorted(id_ for id_ in ids if id_ not in self.catalogue))


def check_later(old: Source, new: Source) -> None:
    """Refuse a version of a template that is older than another.

    Raises:
        SourceError: If it is older.
    """
    before, after = old.commit, new.commit
    if before is None or after is None:
        return
    is_older = is_before(after, before, old.root)
    remedy = "Wait for a later release, or follow the template's commits: --to HEAD"
    if not holds(new.root, before):
        is_older = is_older or version(new.described) < version(old.described)
        remedy = "Upgrade overture: the template that it brings ends before."
    if is_older:
        message = f"{new.described} is older than what the project follows, {old.described}."
        raise SourceError(message, remedy)


def members(value: object) -> Sequence[str]:
    """Return the ids that an answer to a family's question holds."""
    return [value] if isinstance(value, str) else list(value) if isinstance(value, list) else []
