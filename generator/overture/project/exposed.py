"""Files that git would no longer ignore after a change."""

from pathspec import PathSpec

from overture.files import File
from overture.git import lines
from overture.project.changes import Change

_PATH = ".gitignore"


def exposed(change: Change) -> tuple[str, ...]:
    """Return existing files and folders that git ignores, and would not ignore after a change."""
    gone = _patterns(change.before.get(_PATH)) - _patterns(change.after.get(_PATH))
    if not gone:
        return ()
    words = ("ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z")
    ignored = lines(*words, cwd=change.project.root)
    return tuple(PathSpec.from_lines("gitignore", sorted(gone)).match_files(ignored))


def _patterns(file: File | None) -> set[str]:
    return {*file.text.splitlines()} if file else set()
