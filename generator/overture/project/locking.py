"""The lock of a new project: `uv.lock`, made by uv.

A template must not run code, but uv runs what a project names: a build backend, interpreters in
`.venv` and `.python-version`, and a Python that its settings have it download. So uv locks a folder
of its own, which holds nothing but the declared dependencies, and builds no package.
"""

import json
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit

LockState: TypeAlias = Literal["made", "skipped", "no-uv", "failed", "private", "unsupported"]

LIMIT = 120  # seconds

_INDEX = "https://pypi.org/simple"
_FILES = "https://files.pythonhosted.org/"
_ADDRESSES = {"registry", "url", "git", "path", "directory", "editable", "virtual", "index"}

# Variables by which uv would lock another folder, or only look at a lock that is not there yet.
_LEADING = (
    "UV_FROZEN",
    "UV_LOCKED",
    "UV_PROJECT",
    "UV_PROJECT_ENVIRONMENT",
    "UV_WORKING_DIR",
    "UV_WORKING_DIRECTORY",
    "VIRTUAL_ENV",
)
_UV = ("lock", "--quiet", "--no-progress", "--color", "never", "--no-build", "--project")
_NO_BACKEND = {"requires": [], "build-backend": "none", "backend-path": ["."]}


@dataclass(frozen=True)
class Lock:
    """What became of the lock of a new project.

    Attributes:
        state: `made`; `skipped` if it was not asked for; `no-uv` if uv is not on the PATH; `failed`
            if uv could not make it; `private` if it would record a package index or a setting of
            this machine; `unsupported` if it depends on more than the declared dependencies.
        reason: Why there is none, as a clause; empty if it was made or was not asked for.
    """

    state: LockState
    reason: str = ""


def lock(project: Path) -> Lock:
    """Make the lock of a project, unless it would record what is only valid on this machine."""
    uv = shutil.which("uv")
    if uv is None:
        return Lock("no-uv", "uv is not on the PATH")
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    if reason := _limitation(project, declared):
        return Lock("unsupported", reason)
    # At the same place, since uv searches for its settings from there.
    with TemporaryDirectory(dir=project.parent) as name:
        scratch = Path(name)
        (scratch / "pyproject.toml").write_text(_declaration(declared), encoding="utf-8")
        if reason := _failure(uv, scratch):
            return Lock("failed", reason)
        made = scratch / "uv.lock"
        if reason := _privacy(made):
            return Lock("private", reason)
        made.rename(project / made.name)
    return Lock("made")


def _limitation(project: Path, declared: Mapping[str, Any]) -> str:
    """Return what else the lock of a project depends on; empty if there is nothing."""
    if declared.get("project", {}).get("dynamic"):
        return "its build backend computes its metadata"
    if _settings(project):
        return "it has settings of uv of its own"
    if any("workspace" in _settings(folder) for folder in project.parents):
        return "a folder above it may be its workspace in uv, which has a lock of its own"
    return ""


def _declaration(declared: Mapping[str, Any]) -> str:
    """Return the part of a `pyproject.toml` that a lock depends on, with no backend to run."""
    parts = {key: declared[key] for key in ("project", "dependency-groups") if key in declared}
    parts |= {"build-system": _NO_BACKEND} if "build-system" in declared else {}
    return "".join(f"{key} = {_toml(value)}\n" for key, value in parts.items())


def _toml(value: object) -> str:
    """Return a value as TOML, with tables in one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_toml(key)} = {_toml(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False, default=str)


def _failure(uv: str, folder: Path) -> str:
    """Lock a folder, and return why uv could not; empty if it could."""
    environment = {key: value for key, value in os.environ.items() if key not in _LEADING}
    try:
        done = subprocess.run(
            [uv, *_UV, str(folder)],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"uv took longer than {LIMIT} seconds"
    except OSError as error:
        return f"uv cannot be run: {error.strerror}"
    if done.returncode or not (folder / "uv.lock").is_file():
        said = _said(done.stderr.decode(errors="replace"))
        return f"uv says: {said}" if said else f"uv ended with {done.returncode}"
    return ""


def _said(printed: str) -> str:
    """Return the error that uv printed, and its last cause, in one line without passwords."""
    at = re.search(r"^\s*(error:|×)", printed, re.MULTILINE)
    chain = printed[at.start() if at else 0 :].strip().partition("\n\n")[0]  # hints follow
    lines = [re.sub(r"^\W*(error: |cause: |Caused by: )?", "", row) for row in chain.splitlines()]
    ends = dict.fromkeys(lines[:1] + lines[-1:])
    return re.sub(r"(?<=://)[^/\s]*@", "", ": ".join(end.rstrip(":. ") for end in ends))


def _privacy(made: Path) -> str:
    """Return what a lock records of this machine; empty if every machine would make the same."""
    recorded = tomllib.loads(made.read_text(encoding="utf-8"))
    if address := next(_foreign(recorded), ""):
        split = urlsplit(address)
        return f"it would record the package index {split.hostname or split.path}, not PyPI"
    if name := next(iter(recorded.get("options", {})), ""):
        return f"it would record {name}, which is set for uv on this machine only"
    return ""


def _foreign(value: object, key: str = "") -> Iterator[str]:
    """Yield the addresses of a lock that are not those of the public index and its files."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _foreign(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _foreign(item, key)
    elif isinstance(value, str) and (key in _ADDRESSES or "://" in value):
        public = value.rstrip("/") == _INDEX or value.startswith(_FILES)
        if not public and (key, value) not in {("editable", "."), ("virtual", ".")}:
            yield value


def _settings(folder: Path) -> dict[str, Any]:
    """Return the settings of uv in a folder's `pyproject.toml`, if it has one."""
    try:
        text = (folder / "pyproject.toml").read_text(encoding="utf-8")
        return dict(tomllib.loads(text)["tool"]["uv"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
