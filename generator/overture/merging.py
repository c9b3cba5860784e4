"""Copier's own update, carried out on a copy of what it can touch."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from .files import File, Files, tree, write
from .git import git, lines, output
from .interview import Answers
from .rendering import update
from .source import Source

_IDENTITY = ("-c", "user.name=Overture", "-c", "user.email=overture@localhost")
_QUIET = ("-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false", "-c", "gc.auto=0")
LABELS = ("before updating", "last update", "after updating")


@dataclass(frozen=True)
class Stages:
    """The three sides of a conflict: what both came from, the user's, and the template's."""

    base: File | None
    ours: File | None
    theirs: File | None


@dataclass(frozen=True)
class Merged:
    """What an update came to.

    Attributes:
        files: The files afterwards.
        conflicts: The files in which conflicts are marked.
    """

    files: Files
    conflicts: Mapping[str, Stages]


def merged(files: Files, source: Source, answers: Answers, answers_file: str) -> Merged:
    """Update a project's files to a version and answers.

    Everything in the copy is tracked, so that what the project's own `.gitignore` names is merged
    like the rest.

    Args:
        files: The project's files, as far as the template has or had them.
        source: The template, in the version to update to.
        answers: Every answer.
        answers_file: The path of the answers file.

    Raises:
        RenderingError: If Copier refuses.
    """
    with TemporaryDirectory(prefix="overture-") as name:
        folder = Path(name).resolve() / "project"
        for path, file in files.items():
            write(folder / path, file)
        git("init", "--quiet", folder)
        git("config", "core.autocrlf", "false", cwd=folder)
        git("add", "--force", "--all", cwd=folder)
        git(*_IDENTITY, *_QUIET, "commit", "--quiet", "--allow-empty", "-m", "before", cwd=folder)
        update(source, answers, folder, answers_file)
        stages: dict[str, dict[str, File]] = {}
        for line in lines("ls-files", "--unmerged", "-z", cwd=folder):
            entry, path = line.split("\t", 1)
            mode, blob, stage = entry.split()
            content = output("cat-file", "blob", blob, cwd=folder)
            stages.setdefault(path, {})[stage] = File(content, mode == "100755")
        conflicts = {
            path: Stages(sides.get("1"), sides.get("2"), sides.get("3"))
            for path, sides in stages.items()
        }
        return Merged(tree(folder), conflicts)


def merge_file(ours: File, base: File, theirs: File) -> tuple[File, bool]:
    """Merge three sides of a file as Copier does, and tell whether a conflict is marked in it."""
    from .errors import GitError

    with TemporaryDirectory(prefix="overture-") as name:
        paths = [Path(name) / side for side in ("ours", "base", "theirs")]
        for path, file in zip(paths, (ours, base, theirs), strict=True):
            path.write_bytes(file.content)
        labels = [word for label in LABELS for word in ("-L", label)]
        try:
            git("merge-file", *labels, *paths)
            conflict = False
        except GitError:
            conflict = True
        return File(paths[0].read_bytes(), ours.executable), conflict
