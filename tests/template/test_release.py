"""Releases: the workflow is safe, and its own steps and the recipes work in a repository."""

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from environments import inside
from platforms import audit, validate
from rendering import Answers, run
from selections import alone

Project = Callable[[Answers], Path]

WORKFLOW = ".github/workflows/release.yml"
PROPRIETARY = alone()["release"] | {"license": "proprietary"}
BOTH = pytest.mark.parametrize(
    "answers", [alone()["release"], PROPRIETARY], ids=["open", "proprietary"]
)


def jobs(project: Path) -> dict[str, Any]:
    """Return the jobs of the workflow."""
    content = yaml.safe_load((project / WORKFLOW).read_text(encoding="utf-8"))
    return dict(content["jobs"])


@BOTH
def test_the_workflow_is_valid_and_safe(project: Project, answers: Answers) -> None:
    validate("github-workflows", WORKFLOW, project=project(answers))
    audit(WORKFLOW, project=project(answers))


@BOTH
def test_a_job_has_only_the_permissions_that_it_needs(project: Project, answers: Answers) -> None:
    permissions = {name: job["permissions"] for name, job in jobs(project(answers)).items()}
    publishing = {"pypi": {"id-token": "write"}} if answers != PROPRIETARY else {}
    needed = {"build": {"contents": "read"}, "github": {"contents": "write"}}
    assert permissions == needed | publishing
    assert "secrets." not in (project(answers) / WORKFLOW).read_text(encoding="utf-8")


@BOTH
def test_jobs_run_in_sequence(project: Project, answers: Answers) -> None:
    names = list(jobs(project(answers)))
    needs = [job.get("needs") for job in jobs(project(answers)).values()]
    assert needs == [None, *names[:-1]]


def test_a_proprietary_project_is_not_published(project: Project) -> None:
    for path in (WORKFLOW, "README.md"):
        assert "pypi" not in (project(PROPRIETARY) / path).read_text(encoding="utf-8").lower()


class Repository:
    """A project in a git repository, with the tools of its environment."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.folder = folder
        self.env = inside(python, folder)
        self.run("git", "init", "--quiet")
        self.commit("Start")

    def run(self, *words: str) -> str:
        """Run a command, and return what it prints."""
        return run(*words, cwd=self.folder, env=self.env)

    def commit(self, message: str) -> None:
        """Commit everything."""
        self.run("git", "add", "--all")
        self.run("git", "commit", "--quiet", "--message", message)

    def read(self, name: str) -> str:
        """Return the text of a file."""
        return (self.folder / name).read_text(encoding="utf-8")

    def describe(self, change: str) -> None:
        """Add a line to the unreleased changes, without a commit."""
        text = self.read("CHANGELOG.md").replace("Unreleased\n", f"Unreleased\n\n- {change}\n", 1)
        (self.folder / "CHANGELOG.md").write_text(text, encoding="utf-8")

    def step(self, name: str, tag: str) -> int:
        """Run a step of the workflow's build as for a pushed tag, and return its exit code."""
        steps = jobs(self.folder)["build"]["steps"]
        (script,) = [step["run"] for step in steps if step.get("name") == name]
        env = self.env | {"GITHUB_REF_NAME": tag}
        words = ("bash", "-e", "-c", script)
        return subprocess.run(words, cwd=self.folder, env=env, check=False).returncode


@pytest.fixture
def repository(project: Project, python: Path, tmp_path: Path) -> Repository:
    """A repository of the project; its lock file holds nothing but the project."""
    folder = shutil.copytree(project(alone()["release"]), tmp_path / "project")
    text = (folder / "pyproject.toml").read_text(encoding="utf-8")
    text = re.sub(r"(?s)\n(dependencies|dev) = \[.*?\n\]", r"\n\1 = []", text)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    run("uv", "lock", "--quiet", "--offline", cwd=folder, env=inside(python, folder))
    return Repository(folder, python)


def test_a_release_sets_the_version_and_dates_the_changelog(repository: Repository) -> None:
    for version, change in (("0.2.0", "A first."), ("0.3.0", "A second.")):
        repository.describe(change)
        repository.commit(change)
        repository.run("just", "release", "minor")
        assert tomllib.loads(repository.read("pyproject.toml"))["project"]["version"] == version
        assert f'version = "{version}"' in repository.read("uv.lock")
        assert repository.run("git", "tag", "--points-at", "HEAD") == f"v{version}\n"
        assert repository.run("git", "status", "--porcelain") == ""
    changed = repository.run("git", "diff", "--name-only", "v0.2.0", "v0.3.0").split()
    assert changed == ["CHANGELOG.md", "pyproject.toml", "uv.lock"]
    headings = re.findall(r"^## (.*)$", repository.read("CHANGELOG.md"), re.MULTILINE)
    assert [heading.partition(" - ")[0] for heading in headings] == ["Unreleased", "0.3.0", "0.2.0"]
    assert all(re.search(r" - \d{4}-\d\d-\d\d$", heading) for heading in headings[1:])


@pytest.mark.parametrize("cause", ["a dirty tree", "no section"])
def test_a_release_is_refused(repository: Repository, cause: str) -> None:
    if cause == "a dirty tree":
        repository.describe("Forgotten.")
    else:
        (repository.folder / "CHANGELOG.md").write_text("# Changelog\n", encoding="utf-8")
        repository.commit("Remove the section")
    before = repository.run("git", "status", "--porcelain")
    with pytest.raises(AssertionError, match=r"not clean|Did not find"):
        repository.run("just", "release", "minor")
    assert repository.run("git", "status", "--porcelain") == before
    assert repository.run("git", "tag") == ""


def test_the_workflow_checks_the_tag_and_extracts_the_changelog(repository: Repository) -> None:
    repository.describe("A second.")
    repository.commit("A second")
    repository.run("just", "release", "minor")
    assert repository.step("the tag is the version", "v0.2.0") == 0
    assert repository.step("the tag is the version", "v0.1.0") != 0
    section = "the changelog has a section of it"
    assert repository.step(section, "v0.2.0") == 0
    assert repository.read("notes.md").split("\n- ")[1:] == ["A second.\n", "The project begins.\n"]
    assert repository.step(section, "v0.1.0") != 0
    text = repository.read("CHANGELOG.md").replace("## 0.2.0", "## [0.2.0]")
    (repository.folder / "CHANGELOG.md").write_text(f"{text}\n## [0.1.0]\n\n- Old.\n")
    assert repository.step(section, "v0.2.0") == 0
    assert "Old" not in repository.read("notes.md")


@BOTH
def test_distributions_pass_the_check_of_their_metadata(
    project: Project, python: Path, tmp_path: Path, answers: Answers
) -> None:
    folder = shutil.copytree(project(answers), tmp_path / "project")
    hatchling = shutil.which("hatchling")
    assert hatchling
    env = inside(python, folder)
    del env["PYTHONPATH"]
    run(hatchling, "build", cwd=folder, env=os.environ)
    run("twine", "check", "--strict", *map(str, folder.glob("dist/*")), cwd=folder, env=env)
    (wheel,) = folder.glob("dist/*.whl")
    with ZipFile(wheel) as files:
        (name,) = [name for name in files.namelist() if name.endswith("/METADATA")]
        metadata = message_from_bytes(files.read(name))
    assert metadata["Version"] == "0.1.0"
    expected = "LicenseRef-Proprietary" if answers == PROPRIETARY else "MIT"
    assert metadata["License-Expression"] == expected
