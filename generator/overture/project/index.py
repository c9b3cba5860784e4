"""Git's index: its entries for a project's files, and the conflicts recorded in it."""

from collections.abc import Collection, Container, Iterable, Mapping

from overture.files import File
from overture.git import git, lines
from overture.project.merging import Stages
from overture.project.project import Project


def held(project: Project, paths: Container[str]) -> tuple[str, ...]:
    """Return the entries of git's index for some paths: `H MODE HASH STAGE<tab>PATH`.

    The letter differs if the file is marked as skipped or unchanged.
    """
    listed = lines("ls-files", "--stage", "-v", "-z", cwd=project.root)
    return tuple(line for line in listed if _path(line) in paths)


def mark(project: Project, conflicts: Mapping[str, Stages], new: Collection[str]) -> None:
    """Record conflicts of tracked files in git's index, as a merge does.

    Args:
        project: The project.
        conflicts: The three sides of the files.
        new: Those of the files that did not exist, which git will track unless it ignores them.
    """
    words = ("--name-only", "--diff-filter=A", "--relative", "-z")
    intended = lines("diff-files", *words, cwd=project.root)  # to be added, without content
    marking = _tracked(project, conflicts) - {*intended}
    marking |= {*new} - {*project.ignored(tuple(new))}
    listed: list[str] = []
    for path in marking:
        stages = conflicts[path]
        for number, file in enumerate((stages.base, stages.ours, stages.theirs), start=1):
            mode = "100755" if file.executable else "100644"
            listed.append(f"{mode} {_blob(project, file)} {number}\t{path}")
    _put(project, marking, listed)


def add(project: Project, paths: Container[str]) -> None:
    """Stage the given files that git tracks."""
    if tracked := _tracked(project, paths):
        env = {"GIT_LITERAL_PATHSPECS": "1"}
        git("add", "--all", "--", *sorted(tracked), cwd=project.root, env=env)


def restore(project: Project, paths: Container[str], before: Collection[str]) -> None:
    """Restore the former entries of git's index for some paths."""
    differing = {_path(line) for line in {*held(project, paths)} ^ {*before}}
    _put(project, differing, (line[2:] for line in before if _path(line) in differing))


def _path(line: str) -> str:
    return line.partition("\t")[2]


def _tracked(project: Project, paths: Container[str]) -> set[str]:
    """Return the given paths that git tracks and does not skip."""
    return {_path(line) for line in held(project, paths) if line[0] in "HM"}


def _blob(project: Project, file: File) -> str:
    aside = project.state / "blob"
    aside.write_bytes(file.content)
    try:
        return git("hash-object", "-w", "--no-filters", "--", aside, cwd=project.root)
    finally:
        aside.unlink()


def _put(project: Project, paths: Iterable[str], listed: Iterable[str]) -> None:
    """Remove paths from git's index, and then add entries."""
    prefix = git("rev-parse", "--show-prefix", cwd=project.root)
    length = len(git("hash-object", "--stdin", cwd=project.root))  # of this hash algorithm
    forgotten = (f"0 {'0' * length}\t{path}" for path in paths)
    text = "".join(line.replace("\t", f"\t{prefix}", 1) + "\0" for line in (*forgotten, *listed))
    if text:
        git("update-index", "-z", "--index-info", cwd=project.root, text=text)
