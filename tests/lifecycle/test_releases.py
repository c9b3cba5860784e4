"""Every released version updates to the newest, and the files for a release are complete."""

import re
import tomllib
from pathlib import Path

import pytest
from lifecycle.repositories import repository
from packaging.version import Version
from rendering import ROOT, TEMPLATE, files, render, run
from selections import everything

from overture.cli import main
from overture.template.migrations import Migrations

TAGS = run("git", "tag", "--list", cwd=ROOT).split() if (ROOT / ".git").exists() else []
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("released", [*TAGS, "HEAD"])
@pytest.mark.parametrize("chosen", ["default", "everything"])
def test_updates_to_the_next_release(released: str, chosen: str, tmp_path: Path) -> None:
    """The last commit counts as a release, so there is always one."""
    made = repository(tmp_path / "template")
    for name in TEMPLATE:
        run("rm", "-rf", made.path / name, cwd=tmp_path)
    there = run("git", "ls-tree", "--name-only", released, *TEMPLATE, cwd=ROOT).split()
    archive = tmp_path / "released.tar"
    run("git", "archive", "--output", archive, released, *there, cwd=ROOT)
    run("tar", "-xf", archive, "-C", made.path, cwd=tmp_path)
    made.release("0.0.1")
    run("git", "rm", "-rq", ".", cwd=made.path)
    for name in TEMPLATE:
        run("cp", "-R", ROOT / name, made.path / name, cwd=tmp_path)
    made.release("999.0")
    answers = {"project_name": "project"} | (everything() if chosen == "everything" else {})
    data = [
        f"--data={key}={','.join(value) if isinstance(value, list) else value}"
        for key, value in answers.items()
    ]
    project = tmp_path / "project"
    words = ["--template", str(made.path), "--ref", "0.0.1", "--yes", *data]
    assert main(["new", str(project), "--no-lock", *words]) == 0
    assert main(["update", "--yes", "-C", str(project)]) == 0
    assert files(project) == files(render(made.path, answers, tmp_path / "anew"))


def test_the_changelog_has_the_version() -> None:
    versions = re.findall(r"^## (\S+) \((?:unreleased|\d{4}-\d\d-\d\d)\)$", CHANGES, re.MULTILINE)
    assert versions[0] == VERSION
    assert versions == sorted(versions, key=Version, reverse=True)
    assert set(TAGS) <= set(versions)


def test_the_changelog_describes_moves_for_plain_copier() -> None:
    for migration in Migrations.load(ROOT).root:
        for old, new in migration.moved.items():
            paths = (path.replace("{{ package }}", "<package>") for path in (old, new))
            assert f"git mv {' '.join(paths)}" in CHANGES
