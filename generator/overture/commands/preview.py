"""A change shown to a person, or to a program, before it is carried out."""

import shlex
from collections.abc import Collection, Iterable, Mapping
from difflib import unified_diff

from overture.commands.summary import columns, shown, tree
from overture.files import File
from overture.project.changes import Change
from overture.project.plan import flow
from overture.project.references import Reference
from overture.template.changelog import Release
from overture.template.questions import Value

_MARKS = {"A": "added", "M": "changed", "D": "removed", "U": "conflict"}


def described(change: Change, *, colours: bool) -> str:
    """Return a change as text: answers, a tree of files, and what changes in each."""
    parts = []
    if changed := changed_answers(change):
        rows = ((key, f"{_value(old)} → {_value(new)}") for key, (old, new) in changed.items())
        parts += ["Answers", columns(rows), ""]
    owned = change.old.owned | change.new.owned
    marks = {
        path: f"{path}  ({_MARKS[kind]}{', owned' if path in owned else ''})"
        for path, kind in change.paths.items()
    }
    parts += [f"Files ({len(marks)})", tree(marks.values())]
    pairs = (
        (path, change.before.get(path), change.after.get(path))
        for path, kind in change.paths.items()
        if kind in {"M", "U"} and path != change.project.answers_file
    )
    text = differences(pairs, owned)
    if text:
        parts += ["", coloured(text) if colours else text]
    return "\n".join(parts)


def differences(
    files: Iterable[tuple[str, File | None, File | None]], owned: Collection[str]
) -> str:
    """Return what changes in files, as a unified diff that marks those which are owned."""
    parts = []
    for path, old, new in files:
        mark = "(owned)" if path in owned else ""
        if any(file is not None and file.is_binary for file in (old, new)):
            parts.append(f"Binary file {path} differs {mark}".rstrip())
            continue
        sides = [file.text.splitlines() if file else [] for file in (old, new)]
        names = (f"a/{path}" if old else "/dev/null", f"b/{path}" if new else "/dev/null")
        # Where a date may stand, so that it is still a patch.
        parts += unified_diff(sides[0], sides[1], names[0], names[1], mark, mark, lineterm="")
    return "\n".join(parts)


def coloured(diff: str) -> str:
    """Return a unified diff in colours for a terminal."""
    from pygments import highlight
    from pygments.formatters import TerminalFormatter
    from pygments.lexers import DiffLexer

    return str(highlight(diff, DiffLexer(), TerminalFormatter())).rstrip("\n")


def changed_answers(change: Change) -> dict[str, tuple[Value | None, Value | None]]:
    """Return the former and the new answer of each question whose answer changes."""
    old, new = change.old.answers, change.new.answers
    keys = [*old, *(key for key in new if key not in old)]
    pairs = {key: (old.get(key), new.get(key)) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def copier_command(change: Change) -> str:
    """Return the `copier` command that makes the same change, quoted for a shell."""
    same = change.old.source.ref == change.new.source.ref
    version = ":current:" if same else change.new.source.ref
    named = change.project.answers_file
    words = ["copier", "update", "--defaults"]
    words += ["--answers-file", named] if named != ".copier-answers.yml" else []
    words += ["--vcs-ref", version] if version else []
    for key, (_, value) in changed_answers(change).items():
        if value is not None:
            words += ["--data", f"{key}={flow(value)}"]
    return shlex.join(words)


def data(
    change: Change, references: Iterable[Reference], releases: Iterable[Release]
) -> dict[str, object]:
    """Return a change as plain data."""
    owned = change.old.owned | change.new.owned
    return {
        "project": str(change.project.root),
        "from": change.project.recorded.version,
        "to": change.recorded.version,
        "answers": {
            key: {"before": old, "after": new}
            for key, (old, new) in changed_answers(change).items()
        },
        "files": [
            {"path": path, "status": _MARKS[kind], "owned": path in owned}
            for path, kind in change.paths.items()
        ],
        "conflicts": list(change.conflicts),
        "edited_and_removed": list(change.orphans),
        "moved": dict(change.moved),
        "references": [vars(reference) for reference in references],
        "changelog": [vars(release) for release in releases],
        "notes": list(change.notes),
        "copier": copier_command(change),
    }


def orphaned(change: Change) -> str:
    """Return the edits of files that the template has no longer."""
    pairs: Mapping[str, tuple[File | None, File | None]] = {
        path: (change.old.files[path], change.before[path]) for path in change.orphans
    }
    return differences(((path, *pair) for path, pair in pairs.items()), change.old.owned)


def _value(value: Value | None) -> str:
    return "none" if not value else shown(value)
