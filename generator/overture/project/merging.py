"""Merging of edited files by git, as Copier's update does it."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from overture.errors import GitError
from overture.files import File, Files, write
from overture.git import git, output, settings_as_variables

# The user's git settings would change lines, refuse them, or mark conflicts differently.
_ALONE = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_PARAMETERS": "",
    "GIT_ATTR_NOSYSTEM": "1",
    **settings_as_variables({"core.attributesFile": os.devnull}, {}),
}
_LABELS = ("-L", "before updating", "-L", "last update", "-L", "after updating")
_MARKS = (b"<<<<<<< before updating", b">>>>>>> after updating")


@dataclass(frozen=True)
class Stages:
    """The three sides of a merge: the common base, the user's file, and the template's."""

    base: File
    ours: File
    theirs: File


@dataclass(frozen=True)
class Merged:
    """The result of a merge.

    Attributes:
        files: The files afterwards.
        conflicts: The three sides of those in which conflicts are marked.
    """

    files: Files
    conflicts: Mapping[str, Stages]


def merged(sides: Mapping[str, Stages]) -> Merged:
    """Merge files that both sides changed.

    As in Copier's update, the user's changes are applied to the template's file as a patch with
    three lines of context, and where that fails, a three-way merge marks conflicts.

    Args:
        sides: The sides of each file, by its path.
    """
    if not sides:
        return Merged({}, {})
    with TemporaryDirectory(prefix="overture-") as name:
        folder = Path(name)
        git("init", "--quiet", "--template=", folder, env=_ALONE)
        base = _git_tree(folder, (stages.base for stages in sides.values()))
        ours = _git_tree(folder, (stages.ours for stages in sides.values()))
        words = ("-p", "--no-ext-diff", "--unified=3", "--inter-hunk-context=-1", base, ours)
        patch = output("diff-tree", *words, cwd=folder, env=_ALONE)
        _write(folder, (stages.theirs for stages in sides.values()))
        with suppress(GitError):  # files that cannot be patched are merged below
            text = patch.decode("utf-8", "surrogateescape")
            git("apply", "--reject", cwd=folder, env=_ALONE, text=text)
        files, conflicts = {}, {}
        for number, (path, stages) in enumerate(sides.items()):
            content = (folder / str(number)).read_bytes()
            if content == stages.theirs.content or (folder / f"{number}.rej").exists():
                content = _three_way(folder, stages)
                if any(line.rstrip() in _MARKS for line in content.splitlines()):
                    conflicts[path] = stages
            files[path] = File(content, _executable(stages))
        return Merged(files, conflicts)


def _git_tree(folder: Path, files: Iterable[File]) -> str:
    """Write files into a repository, and return the hash of their git tree."""
    _write(folder, files)
    git("add", "--all", cwd=folder, env=_ALONE)
    return git("write-tree", cwd=folder, env=_ALONE)


def _write(folder: Path, files: Iterable[File]) -> None:
    """Write files under numbers: a `.gitattributes` under its own name would affect the others."""
    for number, file in enumerate(files):
        write(folder / str(number), File(file.content))


def _three_way(folder: Path, stages: Stages) -> bytes:
    """Merge three sides, and mark the conflicts."""
    paths = [folder / ".git" / side for side in ("ours", "base", "theirs")]
    for path, file in zip(paths, (stages.ours, stages.base, stages.theirs), strict=True):
        path.write_bytes(file.content)
    with suppress(GitError):  # its exit code counts the conflicts
        git("merge-file", *_LABELS, *paths, cwd=folder, env=_ALONE)
    return paths[0].read_bytes()


def _executable(stages: Stages) -> bool:
    changed = stages.ours.executable != stages.base.executable
    return (stages.ours if changed else stages.theirs).executable
