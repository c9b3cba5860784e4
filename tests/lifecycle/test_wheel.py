"""The wheel includes its template: it works offline, and its projects can be updated."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from lifecycle.repositories import Repository, repository
from rendering import run

CANONICAL = "https://github.com/overture-ml/overture"
pytestmark = pytest.mark.installed


@dataclass(frozen=True)
class Installed:
    """The command, installed from a wheel, and the repository that it was built from."""

    bin: Path
    repository: Repository


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """A wheel built from a source distribution, installed outside the checkout."""
    folder = tmp_path_factory.mktemp("installed")
    source = repository(folder / "source", whole=True)
    source.release("0.0.9")
    source.grow("The line of a later version.")
    source.release("0.1.0")
    build = ("-m", "build", "--no-isolation", "--outdir", folder / "dist")
    run(sys.executable, *build, cwd=source.path)
    [wheel] = (folder / "dist").glob("*.whl")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    pip = ("-m", "pip", "install", "--quiet", "--no-index", "--no-deps")
    run(folder / "venv/bin/python", *pip, wheel, cwd=folder)
    # The dependencies are those of this environment; only the package comes from the wheel.
    [packages] = (folder / "venv/lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text(f"{Path(yaml.__file__).parents[1]}\n")
    return Installed(folder / "venv/bin", source)


def call(installed: Installed, folder: Path, *words: str | Path) -> str:
    """Run the installed command without network access."""
    nowhere = "http://127.0.0.1:9"
    environment = {
        **{key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        "http_proxy": nowhere,
        "https_proxy": nowhere,
        "HTTPS_PROXY": nowhere,
    }
    return run(installed.bin / "overture", *words, cwd=folder, env=environment)


def test_runs_the_installed_package(installed: Installed, tmp_path: Path) -> None:
    where = "import overture; print(overture.__file__)"
    printed = run(installed.bin / "python", "-I", "-c", where, cwd=tmp_path)
    assert Path(printed.strip()).is_relative_to(installed.bin.parent)


def test_lists_the_catalogue(installed: Installed, tmp_path: Path) -> None:
    assert "sklearn" in call(installed, tmp_path, "list", "models")


def test_records_the_canonical_url(installed: Installed, tmp_path: Path) -> None:
    call(installed, tmp_path, "new", "demo", "--yes", "--no-lock")
    recorded = yaml.safe_load((tmp_path / "demo/.copier-answers.yml").read_text())
    assert recorded["_src_path"] == CANONICAL
    assert recorded["_commit"] == "0.1.0"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo"]


def test_changes_projects_with_its_own_history(installed: Installed, tmp_path: Path) -> None:
    call(installed, tmp_path, "new", "demo", "--yes", "--no-lock", "--ref", "0.0.9")
    project = tmp_path / "demo"
    assert "the template is at 0.1.0" in call(installed, project, "check")
    for words in (["add", "csv"], ["update"], ["remove", "csv"]):
        call(installed, project, *words, "--yes")
        run("git", "add", "--all", cwd=project)
        run("git", "commit", "--quiet", "-m", words[0], cwd=project)
    assert "The line of a later version." in (project / "AGENTS.md").read_text()
    assert "Nothing is wrong" in call(installed, project, "check", "--strict")


def test_leaves_no_mirror_in_the_cache_of_copier(
    installed: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPIER_CACHE_DIR", str(tmp_path / "mirrors"))
    call(installed, tmp_path, "new", "demo", "--yes", "--no-lock")
    assert not (tmp_path / "mirrors").exists()


def test_creates_projects_that_plain_copier_updates(
    installed: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(installed, tmp_path, "new", "demo", "--yes", "--no-lock")
    bare = tmp_path / "published.git"
    run("git", "clone", "--quiet", "--bare", installed.repository.path, bare, cwd=tmp_path)
    published = Repository(tmp_path / "work")
    run("git", "clone", "--quiet", bare, published.path, cwd=tmp_path)
    published.grow("The second version.")
    published.release("0.2.0")
    published.git("push", "--quiet", "--tags", "origin", "HEAD")
    # In place of the network, the canonical URL is redirected to the published repository.
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{bare}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", f"{CANONICAL}.git")
    project = tmp_path / "demo"
    run(sys.executable, "-m", "copier", "update", "--defaults", "--quiet", cwd=project)
    assert "The second version." in (project / "AGENTS.md").read_text()
    recorded = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert recorded["_commit"] == "0.2.0"


def test_states_the_remedy_for_a_newer_version(installed: Installed, tmp_path: Path) -> None:
    words = ["new", "demo", "--yes", "--no-lock", "--ref", "0.2.0"]
    done = subprocess.run(
        [installed.bin / "overture", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "has no version 0.2.0" in done.stderr
    assert (
        f"Upgrade overture, or read it from its repository: --template {CANONICAL}" in done.stderr
    )


def test_reports_missing_git(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    assert shutil.which("git")
    words = ["new", "demo", "--yes", "--no-lock"]
    done = subprocess.run(
        [installed.bin / "overture", *words],
        cwd=tmp_path,
        env={"PATH": str(tmp_path / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "git is not on the PATH" in done.stderr
