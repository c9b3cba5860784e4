"""A change of a project as text and as JSON, before and after it is applied."""

import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from overture.commands.differences import print_unified, unified
from overture.commands.output import print_json
from overture.commands.shapes import AnswerData, ChangeData, FileData, Status
from overture.commands.text import answer_text, columns, tree_text
from overture.files import Files, read
from overture.project.applying import kept_lines
from overture.project.changes import Change
from overture.project.command_lines import copier_update
from overture.project.planning import Planned
from overture.template.questions import Value

_STATUS: Final[dict[str, Status]] = {
    "A": "added",
    "M": "changed",
    "D": "removed",
    "U": "conflict",
}


def change_text(change: Change) -> str:
    """Return a change as text: its answers, and a tree of its files."""
    parts: list[str] = []
    if change.answers:
        rows = ((key, f"{_text(old)} → {_text(new)}") for key, (old, new) in change.answers.items())
        parts += ["Answers", columns(rows), ""]
    marks = {
        path: f"{path}  ({_STATUS[kind]}{', owned' if path in change.owned else ''})"
        for path, kind in change.paths.items()
    }
    return "\n".join([*parts, f"Files ({len(marks)})", tree_text(marks.values())])


def differences_text(change: Change) -> str:
    """Return the differences of the files that a change does not add or remove."""
    pairs = (
        (path, change.before.get(path), change.after.get(path))
        for path, kind in change.paths.items()
        if kind in {"M", "U"} and path != change.project.answers_file
    )
    return unified(pairs, change.owned)


def change_data(planned: Planned, *, written: bool) -> ChangeData:
    """Return a change as data."""
    change = planned.change
    return ChangeData(
        project=str(change.project.root),
        from_version=change.project.recorded.version,
        to_version=change.recorded.version,
        answers={key: AnswerData(old, new) for key, (old, new) in change.answers.items()},
        files=tuple(
            FileData(path, _STATUS[kind], path in change.owned)
            for path, kind in change.paths.items()
        ),
        conflicts=tuple(change.conflicts),
        edited_and_removed=change.orphans,
        moved=dict(change.moved),
        references=planned.references,
        changelog=planned.releases,
        notes=change.notes,
        copier=copier_line(change),
        written=written,
    )


def copier_line(change: Change) -> str:
    """Return the `copier` command that makes the same change."""
    old, new = (side.template.source.ref for side in (change.old, change.new))
    answers = {key: after for key, (_, after) in change.answers.items() if after is not None}
    version = ":current:" if old == new else new
    return copier_update(change.project.answers_file, version, answers)


def orphans_text(change: Change) -> str:
    """Return the user's edits of files that the template no longer has, as a unified diff."""
    pairs = ((path, change.old.files[path], change.before[path]) for path in change.orphans)
    return unified(pairs, change.old.owned)


def print_undone(copies: Sequence[str]) -> None:
    """Print that an interrupted change was undone."""
    undone = "The changes of an interrupted run were undone."
    print(undone, *kept_lines(copies), sep="\n", file=sys.stderr)


def print_unchanged(planned: Planned, *, as_json: bool) -> None:
    """Print that nothing changes."""
    if as_json:
        print_json(change_data(planned, written=False))
    else:
        print(f"{planned.change.project.root.name} is already up to date.")


def print_preview(planned: Planned) -> None:
    """Print a change before it is applied."""
    for release in planned.releases:
        print(release.version, *(f"  - {entry}" for entry in release.entries), "", sep="\n")
    print(change_text(planned.change))
    if text := differences_text(planned.change):
        print()
        print_unified(text)
    for line in _warnings(planned):
        print(line)


def print_outcome(planned: Planned, *, written: bool, previewed: bool, as_json: bool) -> None:
    """Print what came of a change.

    Args:
        planned: The change.
        written: Whether it was applied.
        previewed: Whether it was printed before.
        as_json: Whether JSON is printed.
    """
    if as_json:
        print_json(change_data(planned, written=written))
        return
    if not written:
        print("\nNothing was written.")
        return
    for line in () if previewed else _warnings(planned):
        print(line)
    change = planned.change
    print(f"{len(change.paths)} files of {change.project.root.name} changed.")
    for path in change.conflicts:
        print(f"conflict: {path}: {_conflicts(change.project.root / path)} to resolve")
    if change.conflicts:
        print("Resolve the conflicts, then: overture update --continue")
        print("Or undo the change: overture update --abort")
    else:
        differ = _dependencies(change.before) != _dependencies(change.after)
        install = "install its dependencies with `uv sync`, " if differ else ""
        print(f"Review it with `git diff`, {install}run your tests, and commit it.")
    print(f"\nThe same by Copier:\n  {copier_line(change)}")


def _warnings(planned: Planned) -> Iterator[str]:
    change = planned.change
    yield from (f"Note: {note}" for note in change.notes)
    for path in change.orphans:
        fate = "kept" if path in change.after else "removed"
        yield f"{path}, which you edited, is no longer the template's: {fate}."
    for reference in planned.references:
        fate = f"is now {reference.now}" if reference.now else "is removed"
        yield f"{reference.path}:{reference.line} uses {reference.name}, which {fate}."


def _dependencies(files: Files) -> object:
    """Return the dependencies that a project declares."""
    try:
        declared = tomllib.loads(files["pyproject.toml"].text)
    except (KeyError, ValueError):
        return None
    return declared.get("project", {}).get("dependencies"), declared.get("dependency-groups")


def _conflicts(path: Path) -> str:
    file = read(path)
    count = file.content.count(b"<<<<<<< ") if file else 0
    return f"{count} place{'' if count == 1 else 's'}"


def _text(value: Value | None) -> str:
    return answer_text(value) if value else "none"
