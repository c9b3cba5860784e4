"""A new project has a lock that every machine would make, or says why it has none."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lifecycle.held import DATA, Held
from lifecycle.indexes import WHEEL, Index, serving, wheel
from lifecycle.repositories import Repository
from lifecycle.small import small, write
from rendering import files, run

import overture
from overture.project import locking

pytestmark = pytest.mark.generic

GIVEN = [f"--data={key}={value}" for key, value in DATA.items()]
DECLARED = """[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "{{ project_name }}"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = []

[dependency-groups]
base = []
dev = [{ include-group = "base" }]
"""
VARIANTS = {
    "1.0": DECLARED,
    "2.0": DECLARED.replace("dependencies = []", 'dependencies = ["tiny"]'),
    "3.0": DECLARED.replace('version = "0.1.0"', 'dynamic = ["version"]'),
    "4.0": DECLARED + '[tool.uv]\npython-downloads-json-url = "downloads.json"\n',
    "5.0": DECLARED,  # and programs that uv would run
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small template with a version for each kind of `pyproject.toml`."""
    made = small(tmp_path_factory.mktemp("locking") / "template")
    for version, text in VARIANTS.items():
        write(made.path, "pyproject.toml.jinja", text)
        if version == "5.0":
            programs(made)
        made.release(version)
    return made.path


def programs(template: Repository) -> None:
    """Let the template render what uv runs in a project: an environment and an interpreter."""
    write(template.path, ".python-version", "./python\n")
    write(template.path, ".venv/pyvenv.cfg", "home = .\nversion_info = 3.11.0\n")
    for name in ("python", ".venv/bin/python"):
        write(template.path, name, '#!/bin/sh\ntouch "$(dirname "$0")/RAN"\n')
        (template.path / "template" / name).chmod(0o755)
    template.git("add", "--all", "--force")


@pytest.fixture(autouse=True)
def _own_uv(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give uv no settings of the machine, and no network."""
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path_factory.mktemp("uv")))


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """A package index with one package, which uv is configured to use, with a password."""
    with serving() as served:
        use(monkeypatch, served.port)
        yield served


def use(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    """Let uv use the index at a port of this machine, as a user with a password."""
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://user:secret@127.0.0.1:{port}/simple")
    monkeypatch.delenv("UV_OFFLINE")


Made = Callable[..., Any]


@pytest.fixture
def made(template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Made:
    """A function that makes a project of a version in `small`, and returns what is printed."""
    held = Held(tmp_path / "small", capsys)

    def make(version: str, *words: str) -> str:
        options = ("--yes", "--template", str(template), "--ref", version, *GIVEN)
        done = held.run("new", tmp_path / "small", *options, *words)
        assert done.code == 0, done.err
        assert not [path for path in tmp_path.iterdir() if path.name.startswith(".overture")]
        return done.out

    return make


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The folder of the project."""
    return tmp_path / "small"


class TestIsMade:
    def test_and_committed(self, made: Made, project: Path) -> None:
        printed = made("1.0")
        assert "files and uv.lock in" in printed
        assert run("git", "ls-files", "uv.lock", cwd=project) == "uv.lock\n"
        assert not run("git", "status", "--porcelain", "--ignored", cwd=project)

    def test_as_uv_makes_it_in_the_project(self, made: Made, project: Path) -> None:
        made("1.0")
        run("uv", "lock", "--check", cwd=project)

    def test_and_is_the_only_further_file(self, made: Made, project: Path) -> None:
        made("1.0", "--no-lock")
        without = files(project)
        shutil.rmtree(project)
        made("1.0")
        assert files(project).keys() - without.keys() == {"uv.lock"}

    @pytest.mark.parametrize("options", [["--no-git"], []])
    def test_inside_another_repository(self, made: Made, project: Path, options: list[str]) -> None:
        run("git", "init", "--quiet", cwd=project.parent)
        printed = json.loads(made("1.0", "--json", *options))
        assert printed["lock"] == {"state": "made", "reason": ""}
        assert (project / "uv.lock").is_file()

    def test_in_spite_of_variables_of_other_projects(
        self, made: Made, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_PROJECT", "UV_WORKING_DIR"):
            monkeypatch.setenv(name, str(project.parent / "elsewhere"))
        monkeypatch.setenv("UV_FROZEN", "1")
        made("1.0")
        assert (project / "uv.lock").is_file()
        assert not (project.parent / "elsewhere").exists()

    def test_and_is_neither_drift_nor_touched_by_changes(
        self, made: Made, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        made("1.0")
        held = Held(project, capsys)
        assert "uv.lock" not in held.overture("check", "--json").out
        assert not held.overture("diff", "--json").json["own"]
        before = held.read("uv.lock")
        for words in (["add", "csv"], ["update"], ["remove", "csv"]):
            done = held.overture(*words, "--yes")
            assert done.code == 0, done.err
            assert "uv.lock" not in done.out
            held.commit()
        assert held.read("uv.lock") == before
        assert not held.overture("check", "--json").json["findings"]


class TestIsNotAskedFor:
    def test_by_an_option(self, made: Made, project: Path) -> None:
        assert "uv.lock" not in made("1.0", "--no-lock")
        assert not (project / "uv.lock").exists()

    def test_by_a_dry_run(self, made: Made, index: Index) -> None:
        assert json.loads(made("2.0", "--dry-run", "--json"))["lock"] is None
        assert not index.asked.is_set()

    def test_by_the_library(self, template: Path, project: Path, index: Index) -> None:
        created = overture.create(str(template), DATA, project, ref="2.0")
        assert created.lock.state == "skipped"
        assert not index.asked.is_set()


class TestIsLeftOut:
    def left_out(self, printed: str, project: Path) -> str:
        """Return the line that says why there is no lock."""
        assert not (project / "uv.lock").exists()
        assert run("git", "log", "--format=%s", cwd=project) == "Start from Overture\n"
        (line,) = [line for line in printed.splitlines() if "uv.lock is not part" in line]
        return line

    def test_if_it_would_record_a_private_index(
        self, made: Made, project: Path, index: Index
    ) -> None:
        line = self.left_out(made("2.0"), project)
        assert index.asked.is_set()
        assert "it would record the package index 127.0.0.1, not PyPI. " in line
        assert line.endswith("To lock all the same: uv lock")
        assert "secret" not in line
        assert "user" not in line

    def test_if_it_would_record_a_folder_of_packages(
        self, made: Made, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (project.parent / WHEEL).write_bytes(wheel())
        monkeypatch.setenv("UV_FIND_LINKS", str(project.parent))
        assert "it would record the package index " in self.left_out(made("2.0"), project)

    def test_if_it_would_record_a_setting(
        self, made: Made, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("UV_EXCLUDE_NEWER", "2025-01-01")
        line = self.left_out(made("1.0"), project)
        assert "it would record exclude-newer, which is set for uv on this machine only" in line

    def test_if_no_index_answers(
        self, made: Made, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        use(monkeypatch, 9)
        line = self.left_out(made("2.0"), project)
        assert "uv says: Failed to fetch: " in line
        assert "Connection refused" in line
        assert line.endswith("To try again: uv lock")
        assert "secret" not in line

    def test_if_uv_takes_too_long(
        self, made: Made, project: Path, index: Index, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(locking, "LIMIT", 1)
        index.answers = False
        assert "uv took longer than 1 seconds" in self.left_out(made("2.0"), project)
        assert index.left.wait(10)

    def test_without_uv_which_the_next_steps_mention(
        self, made: Made, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        programs = project.parent / "bin"
        programs.mkdir()
        (programs / "git").symlink_to(str(shutil.which("git")))
        monkeypatch.setenv("PATH", str(programs))
        printed = made("1.0")
        assert "uv.lock" not in printed
        assert "  uv run just setup  # to install uv: https://docs.astral.sh/uv" in printed

    def test_in_a_workspace_of_uv(self, made: Made, project: Path) -> None:
        declared = '[tool.uv.workspace]\nmembers = ["**"]\n'
        (project.parent / "pyproject.toml").write_text(declared)
        assert "may be its workspace in uv" in self.left_out(made("1.0"), project)
        assert not (project.parent / "uv.lock").exists()


class TestRunsNoProgramOfATemplate:
    @pytest.mark.parametrize(
        ("version", "reason"),
        [
            ("3.0", "its build backend computes its metadata"),
            ("4.0", "it has settings of uv of its own"),
        ],
    )
    def test_and_locks_only_declared_dependencies(
        self, made: Made, project: Path, version: str, reason: str
    ) -> None:
        lock = json.loads(made(version, "--json"))["lock"]
        assert lock == {"state": "unsupported", "reason": reason}
        assert not (project / "uv.lock").exists()

    def test_that_uv_takes_for_an_interpreter(self, made: Made, project: Path) -> None:
        made("5.0")
        assert (project / ".venv/bin/python").stat().st_mode & 0o100
        assert (project / "uv.lock").is_file()
        assert not list(project.rglob("RAN"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_stops_uv_and_leaves_nothing(
    template: Path, tmp_path: Path, index: Index, number: signal.Signals
) -> None:
    index.answers = False
    words = ["new", "small", "--yes", "--template", str(template), "--ref", "2.0", *GIVEN]
    process = subprocess.Popen(
        [sys.executable, "-m", "overture", *words], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    assert index.asked.wait(60)
    process.send_signal(number)
    _, printed = process.communicate(timeout=30)
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[number]
    assert "Traceback" not in printed
    assert index.left.wait(10)
    assert not list(tmp_path.iterdir())
