"""A new project written: made beside its target, then moved there in one step."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from overture.errors import TargetError
from overture.git import succeeds

_PREFIX = ".overture-new-"


def check_target(target: Path) -> Path:
    """Return the absolute path of a folder that can hold a new project.

    Raises:
        TargetError: If it is a file, is not empty, or cannot be written.
    """
    try:
        path = target.expanduser().resolve()
        if path.is_dir() and any(entry.name != ".git" for entry in path.iterdir()):
            message = f"{path} is not empty, and a new project overwrites nothing"
            raise TargetError(message, "Choose another folder, or empty it.")
        if path.exists() and not path.is_dir():
            message = f"{path} is a file"
            raise TargetError(message, "Choose a folder.")
        ancestor = _ancestor(path)
    except (OSError, ValueError, RuntimeError) as error:
        message = f"{target} cannot be a folder: {error}"
        raise TargetError(message, "Choose another name.") from error
    if not ancestor.is_dir():
        message = f"{path} is below a file, {ancestor}"
        raise TargetError(message, "Choose a folder.")
    if not os.access(ancestor, os.W_OK | os.X_OK):
        message = f"{ancestor} cannot be written to"
        raise TargetError(message, "Choose another folder, or change its permissions.")
    if has_history(path) and succeeds("ls-files", "--error-unmatch", ".", cwd=path):
        message = f"{path} is a repository whose files are not checked out"
        raise TargetError(message, "Choose another folder.")
    return path


def has_history(target: Path) -> bool:
    """Tell whether a target is a repository, such as the clone of an empty one."""
    return os.path.lexists(target / ".git")


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Provide a temporary path beside the target, and remove it in the end.

    The path is on the target's file system, so that a project can be moved in one step. Temporary
    folders of killed processes are removed first.
    """
    parent = _ancestor(target)
    _sweep(parent)
    folder, lock = _locked(parent)
    try:
        yield folder / "project"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def place(project: Path, target: Path) -> None:
    """Move a finished project to its target: in one step, or file by file into a repository.

    Raises:
        TargetError: If the target cannot be written, or is no longer empty.
    """
    try:
        if has_history(target):
            _move_entries(project, target)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            shutil.copymode(target, project)
        project.rename(target)
    except OSError as error:
        message = f"{target} cannot be written: {error.strerror}"
        raise TargetError(message, "Choose another folder.") from error


def _move_entries(project: Path, target: Path) -> None:
    """Move the entries of a folder into another one, and move them back if one cannot be moved."""
    moved: list[Path] = []
    try:
        for entry in sorted(project.iterdir()):
            entry.rename(target / entry.name)
            moved.append(target / entry.name)
    except OSError:
        for entry in moved:
            entry.rename(project / entry.name)
        raise


def _ancestor(path: Path) -> Path:
    """Return the nearest existing ancestor of a path."""
    return next(parent for parent in path.parents if parent.exists())


def _locked(parent: Path) -> tuple[Path, int]:
    """Make a hidden folder, and lock it until this process ends."""
    while True:
        try:
            folder = Path(mkdtemp(prefix=_PREFIX, dir=parent))
        except OSError as error:
            message = f"{parent} cannot be written to: {error.strerror}"
            raise TargetError(message, "Choose another folder.") from error
        try:
            lock = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:  # another process removed it before it was locked
            continue
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder, lock
        os.close(lock)


def _sweep(parent: Path) -> None:
    """Remove the temporary folders of killed processes: those that no process locks."""
    for folder in parent.glob(f"{_PREFIX}*"):
        try:
            lock = os.open(folder, os.O_RDONLY)
        except OSError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(lock)
