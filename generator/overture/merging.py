"""Two sides of a file merged by git, as Copier's update merges them."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from .errors import GitError
from .files import File, Files, write
from .git import git, output

_RAW = ("-c", "core.autocrlf=false", "-c", "core.safecrlf=false")
_LABELS = ("-L", "before updating", "-L", "last update", "-L", "after updating")
_MARKS = (b"<<<<<<< before updating", b">>>>>>> after updating")


@dataclass(frozen=True)
class Stages:
    """The three sides of a file: what both came from, the user's, and the template's."""

    base: File
    ours: File
    theirs: File


@dataclass(frozen=True)
class Merged:
    """What a merge came to.

    Attributes:
        files: The files afterwards.
        conflicts: The sides of those in which conflicts are marked.
    """

    files: Files
    conflicts: Mapping[str, Stages]


def merged(sides: Mapping[str, Stages]) -> Merged:
    """Merge files that both sides changed.

    It is what Copier's update does: the user's changes are applied to the template's file as a
    patch with three lines of context, and where that fails the three sides are merged, with
    conflicts marked.

    Args:
        sides: The sides of each file, by its path.
    """
    if not sides:
        return Merged({}, {})
    with TemporaryDirectory(prefix="overture-") as name:
        folder = Path(name)
        git("init", "--quiet", folder)
        base = _tree(folder, {path: stages.base for path, stages in sides.items()})
        ours = _tree(folder, {path: stages.ours for path, stages in sides.items()})
        words = ("-p", "--unified=3", "--inter-hunk-context=-1", base, ours)
        patch = output("diff-tree", *words, cwd=folder).decode("utf-8", "surrogateescape")
        for path, stages in sides.items():
            write(folder / path, stages.theirs)
        try:
            git("apply", "--reject", cwd=folder, text=patch)
        except GitError:
            rejected = [path for path in sides if (folder / f"{path}.rej").exists()]
        else:
            rejected = []
        files, conflicts = {}, {}
        for path, stages in sides.items():
            content = (folder / path).read_bytes()
            if path in rejected:
                content = _three_way(folder, stages)
                if any(line.rstrip() in _MARKS for line in content.splitlines()):
                    conflicts[path] = stages
            files[path] = File(content, _executable(stages))
        return Merged(files, conflicts)


def _tree(folder: Path, files: Files) -> str:
    """Write files into a repository, and return the name of the tree they are."""
    for path, file in files.items():
        write(folder / path, file)
    git(*_RAW, "add", "--force", "--all", cwd=folder)
    return git("write-tree", cwd=folder)


def _three_way(folder: Path, stages: Stages) -> bytes:
    """Merge three sides, and mark the conflicts."""
    paths = [folder / ".git" / side for side in ("ours", "base", "theirs")]
    for path, file in zip(paths, (stages.ours, stages.base, stages.theirs), strict=True):
        path.write_bytes(file.content)
    with suppress(GitError):  # its exit code counts the conflicts
        git("merge-file", *_LABELS, *paths)
    return paths[0].read_bytes()


def _executable(stages: Stages) -> bool:
    changed = stages.ours.executable != stages.base.executable
    return (stages.ours if changed else stages.theirs).executable
