"""Whether a project is sound and current: findings, each with its remedy."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from overture.errors import OvertureError
from overture.git import git, is_before, newest_tag
from overture.project.journal import Journal
from overture.project.markers import marked
from overture.project.project import Project
from overture.project.renderings import Difference, Rendering
from overture.template.interview import Interview
from overture.template.migrations import is_release, version
from overture.template.source import Source, reopened

Severity: TypeAlias = Literal["error", "warning"]
Kind: TypeAlias = Literal[
    "interrupted",
    "conflicts",
    "answers-edited",
    "template-gone",
    "unknown-answers",
    "rules",
    "behind",
    "drifted",
    "ignored",
    "unreleased",
]


@dataclass(frozen=True)
class Finding:
    """Something that a person should know of a project.

    Attributes:
        kind: What it is.
        severity: `error` if the project is not sound, `warning` if it is but differs.
        message: What is the case.
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
    """What was found out of a project.

    Attributes:
        version: The template's version that it follows.
        newest: The newest version, if the template can be read.
        findings: What a person should know; none if all is well.
    """

    version: str
    newest: str | None
    findings: tuple[Finding, ...]


def examined(project: Project, answers_remedy: tuple[str, str] | None) -> Health:
    """Examine a project, and change nothing.

    Args:
        project: The project.
        answers_remedy: What is wrong with its answers file and the remedy, if it was edited.
    """
    recorded = project.recorded
    findings = list(_under_way(project))
    if answers_remedy:
        message, remedy = answers_remedy
        found = Finding("answers-edited", "error", message, remedy, (project.answers_file,))
        findings.append(found)
    newest = None
    with ExitStack() as stack:
        try:
            old = stack.enter_context(reopened(recorded.template, recorded.version))
        except OvertureError as error:
            remedy = "Name the version to go on from: overture update --from VERSION"
            findings.append(Finding("template-gone", "error", error.message, remedy))
            return Health(recorded.version, None, tuple(findings))
        interview = Interview.load(old.root)
        rules = list(_rules(project, interview))
        findings += rules
        newest = newest_tag(old.root)
        if newest is None:
            head = stack.enter_context(reopened(recorded.template, None))
            newest, is_later = head.described, _is_later(head, old)
        else:
            is_later = version(newest) > version(recorded.version)
        findings += _behind(recorded.version, newest, is_later=is_later)
        if not any(item.severity == "error" for item in rules):
            answers = interview.resolve(recorded.answers).answers
            pristine = Rendering.of(project, old, interview, answers)
            findings += _drifted(project, pristine)
    return Health(recorded.version, newest, tuple(findings))


def _under_way(project: Project) -> Iterator[Finding]:
    journal = Journal.load(project)
    if journal and journal.phase == "applying":
        remedy = "The next `overture update` undoes it first; or now: overture update --abort"
        message = f"`{journal.command}` was interrupted"
        yield Finding("interrupted", "error", message, remedy, tuple(journal.entries))
    paths = {*project.own_files(), *(journal.conflicts if journal else ())}
    places = marked(project, sorted(paths))
    unmerged = project.unmerged()
    if places or unmerged:
        files = dict.fromkeys([*(place.rpartition(":")[0] for place in places), *unmerged])
        message = f"conflicts are not solved: {', '.join(places or unmerged)}"
        remedy = "Solve what is marked, then: overture update --continue"
        yield Finding("conflicts", "error", message, remedy, tuple(files))


def _rules(project: Project, interview: Interview) -> Iterator[Finding]:
    keys = [question.key for question in interview.asked]
    answers = project.recorded.answers
    if unknown := [key for key in answers if key not in keys]:
        message = f"the answers file holds what no question asks: {', '.join(unknown)}"
        remedy = "Restore the answers file from git; the command never writes such a key."
        yield Finding("unknown-answers", "error", message, remedy, (project.answers_file,))
    for refusal in interview.resolve(answers).refusals:
        if refusal.key in keys:
            message = f"{refusal.key}: {refusal.message}"
            remedy = "Mend it with `overture add`, `remove` or `set`."
            yield Finding("rules", "error", message, remedy)


def _is_later(new: Source, old: Source) -> bool:
    """Tell whether a commit of a template comes after another, as versions cannot say."""
    before, after = (git("rev-parse", "HEAD", cwd=source.root) for source in (old, new))
    return is_before(before, after, new.root)


def _behind(now: str, newest: str, *, is_later: bool) -> Iterator[Finding]:
    if is_later:
        message = f"the template is at {newest}, and the project at {now}"
        yield Finding("behind", "warning", message, "See what it brings: overture update --dry-run")
    elif not is_release(now):
        message = f"the project follows {now}, which is no release"
        remedy = "Go to a release when there is a later one: overture update"
        yield Finding("unreleased", "warning", message, remedy)


def _drifted(project: Project, pristine: Rendering) -> Iterator[Finding]:
    difference = Difference.of(project, pristine)
    if difference.edited:
        message = f"{len(difference.edited)} managed files are edited"
        remedy = "That is fine: updates merge into them. See how: overture diff"
        yield Finding("drifted", "warning", message, remedy, difference.edited)
    if difference.deleted:
        message = f"{len(difference.deleted)} managed files are deleted"
        remedy = "Updates leave them deleted. Get one back: overture restore PATH"
        yield Finding("drifted", "warning", message, remedy, difference.deleted)
    if ignored := project.ignored(tuple(pristine.files)):
        message = f"git ignores {len(ignored)} managed files, so that plain Copier overwrites them"
        remedy = "Track them: git add --force PATH"
        yield Finding("ignored", "warning", message, remedy, ignored)


def errors(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings that make a project unsound."""
    return tuple(item for item in findings if item.severity == "error")
