"""The state of a project: whether it is sound and current, as findings with remedies."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from overture.errors import (
    EditedAnswersError,
    MissingTemplateError,
    OvertureError,
    UnknownVersionError,
)
from overture.git import git, is_before, newest_tag
from overture.project.integrity import changed_answers
from overture.project.journal import Journal
from overture.project.markers import marked
from overture.project.opening import FROM, MOVED
from overture.project.project import Project
from overture.project.renderings import Difference, Rendering, recorded_rendering
from overture.template.interview import Interview
from overture.template.migrations import is_release, version
from overture.template.source import Source
from overture.template.template import Template

Severity: TypeAlias = Literal["error", "warning"]
Kind: TypeAlias = Literal[
    "interrupted",
    "conflicts",
    "answers-edited",
    "answers-merged",
    "template-gone",
    "unknown-answers",
    "rules",
    "behind",
    "drifted",
    "ignored",
    "unreleased",
]


# What to do if the template cannot be read; for other errors, what the error names.
_REMEDIES: dict[type[OvertureError], str] = {
    UnknownVersionError: f"Name the version to go on from: overture update {FROM}",
    MissingTemplateError: MOVED,
}


@dataclass(frozen=True)
class Finding:
    """A fact about a project that the user should know.

    Attributes:
        kind: What kind of fact it is.
        severity: `error` if the project is not sound, `warning` if it is sound but differs.
        message: What was found.
        remedy: What to do about it.
        paths: The files that it concerns.
    """

    kind: Kind
    severity: Severity
    message: str
    remedy: str
    paths: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Health:
    """The state of a project.

    Attributes:
        project: The project's folder.
        version: The template's version that it follows.
        newest: The newest version, if the template can be read.
        findings: What the user should know; none if all is well.
    """

    project: str
    version: str
    newest: str | None
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether no finding is an error."""
        return not any(item.severity == "error" for item in self.findings)

    @property
    def current(self) -> bool:
        """Whether no newer version of the template is known."""
        return not any(item.kind == "behind" for item in self.findings)


def check(project: Project | Path | str) -> Health:
    """Check whether a project is sound and current, and change nothing.

    Args:
        project: The project, or a folder in it.

    Raises:
        ProjectError: If there is no project, or its answers file cannot be read.
    """
    project = project if isinstance(project, Project) else Project.find(Path(project))
    recorded = project.recorded
    findings = list(_under_way(project))
    if error := changed_answers(project):
        kind: Kind = "answers-edited" if isinstance(error, EditedAnswersError) else "answers-merged"
        paths = (project.answers_file,)
        findings.append(Finding(kind, "error", error.message, error.remedy, paths))
    newest = None
    with ExitStack() as stack:
        try:
            old = stack.enter_context(Template.reopen(recorded.template, recorded.version))
        except OvertureError as error:
            remedy = _REMEDIES.get(type(error), error.remedy)
            findings.append(Finding("template-gone", "error", error.message, remedy))
            return Health(str(project.root), recorded.version, None, tuple(findings))
        rules = list(_rules(project, old.interview))
        findings += rules
        newest = newest_tag(old.root)
        if newest is None:
            head = stack.enter_context(Template.reopen(recorded.template, None)).source
            newest, is_later = head.label, _is_later(head, old.source)
        else:
            is_later = version(newest) > version(recorded.version)
        findings += _behind(recorded.version, newest, is_later=is_later)
        if not any(item.severity == "error" for item in rules):
            findings += _drifted(project, recorded_rendering(project, old, recorded))
    return Health(str(project.root), recorded.version, newest, tuple(findings))


def _under_way(project: Project) -> Iterator[Finding]:
    journal = Journal.load(project)
    if journal and journal.phase == "applying":
        remedy = "The next `overture update` undoes it first; or now: overture update --abort"
        message = f"`{journal.command}` was interrupted"
        yield Finding("interrupted", "error", message, remedy, tuple(journal.replacements))
    paths = {*project.own_files(), *(journal.conflicts if journal else ())}
    places = marked(project, sorted(paths))
    unmerged = project.unmerged()
    if places or unmerged:
        files = dict.fromkeys([*(place.rpartition(":")[0] for place in places), *unmerged])
        message = f"conflicts are not resolved: {', '.join(places or unmerged)}"
        remedy = "Resolve them, then: overture update --continue"
        yield Finding("conflicts", "error", message, remedy, tuple(files))


def _rules(project: Project, interview: Interview) -> Iterator[Finding]:
    keys = [question.key for question in interview.asked]
    answers = project.recorded.answers
    if unknown := [key for key in answers if key not in keys]:
        message = f"the answers file has keys that no question has: {', '.join(unknown)}"
        remedy = "Restore the answers file from git; the command never writes such a key."
        yield Finding("unknown-answers", "error", message, remedy, (project.answers_file,))
    for refusal in interview.resolve(answers).refusals:
        if refusal.key in keys:
            message = f"{refusal.key}: {refusal.message}"
            remedy = "Correct it with `overture add`, `remove` or `set`."
            yield Finding("rules", "error", message, remedy)


def _is_later(new: Source, old: Source) -> bool:
    """Tell whether a commit of a template, which has no tags, comes after another."""
    before, after = (git("rev-parse", "HEAD", cwd=source.root) for source in (old, new))
    return is_before(before, after, new.root)


def _behind(now: str, newest: str, *, is_later: bool) -> Iterator[Finding]:
    if is_later:
        message = f"the template is at {newest}, and the project at {now}"
        yield Finding("behind", "warning", message, "Preview the update: overture update --dry-run")
    elif not is_release(now):
        message = f"the project follows {now}, which is not a release"
        remedy = "Update when there is a later release: overture update"
        yield Finding("unreleased", "warning", message, remedy)


def _drifted(project: Project, pristine: Rendering) -> Iterator[Finding]:
    difference = Difference.of(project, pristine)
    if difference.edited:
        message = f"{len(difference.edited)} managed files are edited"
        remedy = "That is fine: updates merge into them. To see your edits: overture diff"
        yield Finding("drifted", "warning", message, remedy, difference.edited)
    if difference.deleted:
        message = f"{len(difference.deleted)} managed files are deleted"
        remedy = "Updates do not restore them. To restore one: overture restore PATH"
        yield Finding("drifted", "warning", message, remedy, difference.deleted)
    if ignored := project.ignored(tuple(pristine.files)):
        message = f"git ignores {len(ignored)} managed files, so that plain Copier overwrites them"
        remedy = "Track them: git add --force PATH"
        yield Finding("ignored", "warning", message, remedy, ignored)
