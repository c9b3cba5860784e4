"""What each command prints with `--json`, as types.

`docs/guide.md` describes them for users. `project` is always the project's folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from overture.project.creating import NewProject
from overture.project.health import Finding
from overture.project.history import History
from overture.project.locking import Lock
from overture.project.references import Reference
from overture.template import entries, family_entries
from overture.template.changelog import Release
from overture.template.interview import Refusal
from overture.template.questions import Value
from overture.template.relations import Relations

Answers: TypeAlias = Mapping[str, Value]  # preset show
AnyEntry: TypeAlias = (
    entries.Entry
    | family_entries.TaskEntry
    | family_entries.ModelEntry
    | family_entries.DatasetEntry
    | family_entries.TrackerEntry
    | family_entries.JobEntry
)
Status: TypeAlias = Literal["added", "changed", "removed", "conflict"]


@dataclass(frozen=True)
class ProposalData:
    """The closest valid selection.

    Attributes:
        adjustments: The components to add and to remove, such as `add torch`.
        command: The `overture` command that leads to it.
    """

    adjustments: tuple[str, ...]
    command: str


@dataclass(frozen=True)
class ErrorDetails:
    """An error.

    Attributes:
        code: Its stable code.
        message: What is wrong.
        remedy: What to do about it; may be empty.
        refusals: Why a selection is refused, by question; only of `selection-refused`.
        proposal: The closest valid selection, if there is one; only for `selection-refused`.
    """

    code: str
    message: str
    remedy: str
    refusals: tuple[Refusal, ...] = ()
    proposal: ProposalData | None = None


@dataclass(frozen=True)
class ErrorData:
    """Every command, if it fails."""

    error: ErrorDetails


@dataclass(frozen=True)
class NewData(NewProject):
    """`overture new`.

    Attributes:
        history: The state of the project's git history; none if nothing was written.
        lock: What became of its lock; none if nothing was written.
        written: Whether the project was written.
    """

    history: History | None
    lock: Lock | None
    written: bool


@dataclass(frozen=True)
class ComponentData:
    """One item of `overture list`."""

    id: str
    family: str
    title: str
    summary: str


@dataclass(frozen=True)
class PresetData:
    """One item of `overture preset list`."""

    name: str
    summary: str


@dataclass(frozen=True)
class ShowData:
    """`overture show`.

    Attributes:
        component: The component's catalogue entry.
        files: The files that come and go with the component.
        owned: Those of the files that are written once, and then belong to the user.
    """

    component: AnyEntry
    files: tuple[str, ...]
    owned: tuple[str, ...]


@dataclass(frozen=True)
class RelationsData(Relations):
    """`overture explain ID`."""

    id: str


@dataclass(frozen=True)
class SelectionData:
    """`overture explain` of a selection.

    Attributes:
        valid: Whether the selection is valid.
        refusals: Why it is refused, by question.
        proposal: The closest valid selection, if there is one.
    """

    valid: bool
    refusals: tuple[Refusal, ...]
    proposal: ProposalData | None


@dataclass(frozen=True)
class AnswerData:
    """The former and the new answer to a question; none where there is none."""

    before: Value | None
    after: Value | None


@dataclass(frozen=True)
class FileData:
    """What happens to a file."""

    path: str
    status: Status
    owned: bool


@dataclass(frozen=True)
class ChangeData:
    """`overture add`, `remove`, `set` and `update`.

    Attributes:
        from_version: The template's version before the change.
        to_version: The template's version afterwards.
        answers: The answers that change, by question.
        files: The files that change.
        conflicts: The files in which conflicts are marked.
        edited_and_removed: Edited files that the template no longer has.
        moved: The new path of files, by their old one.
        references: Lines of the user's files that refer to something removed or moved.
        changelog: The changelog's entries that concern the project, by version.
        notes: Other facts that the user should know.
        copier: The `copier` command that makes the same change.
        written: Whether the change was written.
    """

    project: str
    from_version: str
    to_version: str
    answers: Mapping[str, AnswerData]
    files: tuple[FileData, ...]
    conflicts: tuple[str, ...]
    edited_and_removed: tuple[str, ...]
    moved: Mapping[str, str]
    references: tuple[Reference, ...]
    changelog: tuple[Release, ...]
    notes: tuple[str, ...]
    copier: str
    written: bool


@dataclass(frozen=True)
class EndData:
    """`overture update --continue` and `--abort`.

    Attributes:
        ended: Whether the change is ended; if not, conflicts remain.
        conflicts: Where conflicts are still marked, as `path:line`.
        kept: The copies of files that were edited since.
    """

    project: str
    ended: bool
    conflicts: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True)
class CheckData:
    """`overture check`.

    Attributes:
        version: The template's version that it follows.
        newest: The newest version, if the template can be read.
        sound: Whether no finding is an error.
        current: Whether no newer version is known.
    """

    project: str
    version: str
    newest: str | None
    sound: bool
    current: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class DiffData:
    """`overture diff`.

    Attributes:
        edited: The managed files that the user edited.
        deleted: The managed files that the user deleted.
        owned: The owned files that the user edited or deleted.
        own: The user's changes, as a unified diff.
        incoming: The changes of an update, as a unified diff.
    """

    project: str
    edited: tuple[str, ...]
    deleted: tuple[str, ...]
    owned: tuple[str, ...]
    own: str
    incoming: str


@dataclass(frozen=True)
class RestoreData:
    """`overture restore`: the project's folder, and the restored files."""

    project: str
    restored: tuple[str, ...]
