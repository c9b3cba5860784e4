"""`overture new` and `copier copy` make the same project, to the byte."""

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lifecycle.repositories import Repository, repository
from rendering import copy_template, files, render, run
from selections import everything

ANSWERS: dict[str, dict[str, Any]] = {
    "defaults": {},
    "everything": everything(),
    "texts": {
        "project_name": "Bike.demand",
        "description": "It's $HOME & more; a: b # c",
        "author_name": "Zoë O'Škoda",
        "author_email": "zoe@example.org",
        "trackers": [],
    },
}
each = pytest.mark.parametrize("answers", ANSWERS.values(), ids=ANSWERS)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template as a folder without history."""
    return copy_template(tmp_path_factory.mktemp("plain") / "template")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The template with two versions, and commits after them."""
    made = repository(tmp_path_factory.mktemp("released") / "template")
    made.release("0.1.0")
    made.grow("The second version.")
    made.release("0.2.0")
    made.grow("Not released.")
    made.git("commit", "--quiet", "--all", "-m", "more")
    return made


def overture(target: Path, template: Path | str, answers: dict[str, Any], *words: str) -> Any:
    data = [
        f"--data={key}={','.join(value) if isinstance(value, list) else value}"
        for key, value in answers.items()
    ]
    options = ["--json", "--defaults", *data, *words, "--template", str(template)]
    command = [sys.executable, "-m", "overture", "new", str(target), *options]
    return json.loads(subprocess.check_output(command, cwd=target.parent))


@each
def test_as_copier_from_a_folder(plain: Path, tmp_path: Path, answers: dict[str, Any]) -> None:
    overture(tmp_path / "one", plain, answers)
    render(plain, answers, tmp_path / "elsewhere/two")
    assert files(tmp_path / "one") == files(tmp_path / "elsewhere/two")


@each
def test_as_the_copier_command_that_it_prints(
    released: Repository, tmp_path: Path, answers: dict[str, Any]
) -> None:
    printed = overture(tmp_path / "one", released.path, answers)["command"]
    words = [
        str(tmp_path / "two") if w == str(tmp_path / "one") else w for w in shlex.split(printed)
    ]
    assert words[0] == "copier"
    subprocess.run([sys.executable, "-m", *words, "--quiet"], check=True)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_twice_the_same(plain: Path, tmp_path: Path) -> None:
    overture(tmp_path / "one", plain, {})
    overture(tmp_path / "two", plain, {})
    assert files(tmp_path / "one") == files(tmp_path / "two")


class TestVersions:
    def agents(self, project: Path) -> str:
        return (project / "AGENTS.md").read_text(encoding="utf-8")

    def test_the_newest_tag_is_the_default(self, released: Repository, tmp_path: Path) -> None:
        made = overture(tmp_path / "p", released.path, {})
        assert made["version"] == "0.2.0"
        assert "second version" in self.agents(tmp_path / "p")
        assert "Not released" not in self.agents(tmp_path / "p")

    def test_others_are_named(self, released: Repository, tmp_path: Path) -> None:
        assert overture(tmp_path / "p", released.path, {}, "--ref", "0.1.0")["version"] == "0.1.0"
        assert "second version" not in self.agents(tmp_path / "p")

    def test_changes_without_a_commit_come_with_head(
        self, released: Repository, tmp_path: Path
    ) -> None:
        copy = Repository(tmp_path / "template")
        run("git", "clone", "--quiet", released.path, copy.path, cwd=tmp_path)
        copy.grow("Not committed.")
        overture(tmp_path / "p", copy.path, {}, "--ref", "HEAD")
        assert "Not committed" in self.agents(tmp_path / "p")

    @pytest.mark.parametrize("scheme", ["file://", "git+file://"])
    def test_of_a_url_can_be_updated(
        self, released: Repository, tmp_path: Path, scheme: str
    ) -> None:
        bare = tmp_path / "template.bare"
        run("git", "clone", "--quiet", "--bare", released.path, bare, cwd=tmp_path)
        made = overture(tmp_path / "p", f"{scheme}{bare}", {}, "--ref", "0.1.0")
        assert made["template"].endswith(f"file://{bare}")
        project = tmp_path / "p"
        run(sys.executable, "-m", "copier", "update", "--defaults", "--quiet", cwd=project)
        assert "second version" in self.agents(project)

    def test_that_do_not_exist_are_refused(self, released: Repository, tmp_path: Path) -> None:
        words = ("-m", "overture", "new", "p", "--yes", "--template", released.path, "--ref", "9.9")
        done = subprocess.run(
            [sys.executable, *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert "has no version 9.9" in done.stderr
        assert "Its newest is 0.2.0." in done.stderr
        assert not list(tmp_path.iterdir())


class TestHistory:
    def test_is_one_commit_by_the_person(self, plain: Path, tmp_path: Path) -> None:
        assert overture(tmp_path / "p", plain, {})["history"] == "committed"
        project = Repository(tmp_path / "p")
        assert project.git("log", "--format=%an %s") == "Ada Start from Overture"
        assert not project.git("status", "--porcelain")

    def test_is_staged_if_nobody_is_named(
        self, plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
        assert overture(tmp_path / "p", plain, {})["history"] == "staged"
        assert Repository(tmp_path / "p").git("diff", "--cached", "--name-only")

    def test_is_that_of_a_surrounding_repository(self, plain: Path, tmp_path: Path) -> None:
        Repository(tmp_path).git("init", "--quiet")
        assert overture(tmp_path / "p", plain, {})["history"] == "inside"
        assert not (tmp_path / "p/.git").exists()

    def test_is_left_out_on_request(self, plain: Path, tmp_path: Path) -> None:
        assert overture(tmp_path / "p", plain, {}, "--no-git")["history"] == "absent"
        assert not (tmp_path / "p/.git").exists()
