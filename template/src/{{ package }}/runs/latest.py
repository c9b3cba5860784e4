"""Resolution of `latest` in a path to the newest run."""

from pathlib import Path

from ..errors import ProjectError
from .records import RunRecord

LATEST = "latest"


def find(path: Path) -> Path:
    """Return a path whose part `latest` is replaced by the newest run there.

    What is there by that name, as a folder above the project, stands for itself.

    Raises:
        ProjectError: If there is no run yet.
    """
    for at, part in enumerate(path.parts):
        literal = (path, *path.parents)[len(path.parts) - at - 1]
        if part != LATEST or literal.exists():
            continue
        parent = literal.parent
        for run in sorted(parent.iterdir() if parent.is_dir() else (), reverse=True):
            if not run.name.startswith(".") and (run / RunRecord.FILE).is_file():
                return run.joinpath(*path.parts[at + 1 :])
        raise ProjectError(f"{path}: there is no run in {parent} yet; run that job first")
    return path
