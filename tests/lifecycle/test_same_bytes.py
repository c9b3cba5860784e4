"""`overture new` and `copier copy` write the same project, byte for byte."""

import json
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import copier
import pytest
from lifecycle.held import DATA
from lifecycle.repositories import Repository, repository
from rendering import copy_template, files, run
from selections import everything

ANSWERS: dict[str, dict[str, Any]] = {
    "defaults": {},
    "everything, by somebody": everything()
    | {
        "project_name": "Bike.demand",
        "description": "It's $HOME & more; a: b # c",
        "author_name": "Zoë O'Škoda",
        "author_email": "zoe@example.org",
    },
}
each = pytest.mark.parametrize("answers", ANSWERS.values(), ids=ANSWERS)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template as a folder without history."""
    return copy_template(tmp_path_factory.mktemp("plain") / "template")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The template with a version."""
    made = repository(tmp_path_factory.mktemp("released") / "template")
    made.release("0.1.0")
    return made


def overture(target: Path, template: Path | str, answers: Mapping[str, Any], *words: str) -> Any:
    data = [
        f"--data={key}={','.join(value) if isinstance(value, list) else value}"
        for key, value in answers.items()
    ]
    options = ["--json", "--defaults", "--no-lock", *data, *words, "--template", str(template)]
    command = [sys.executable, "-m", "overture", "new", str(target), *options]
    return json.loads(subprocess.check_output(command, cwd=target.parent))


@each
def test_as_copier_from_a_folder(plain: Path, tmp_path: Path, answers: dict[str, Any]) -> None:
    one, two = tmp_path / "bikes", tmp_path / "elsewhere/bikes"
    assert overture(one, plain, answers)["answers"]["project_name"] in {"bikes", "Bike.demand"}
    copier.run_copy(str(plain), two, data=answers, defaults=True, quiet=True)
    assert files(one) == files(two)


@each
def test_as_the_copier_command_that_it_prints(
    released: Repository, tmp_path: Path, answers: dict[str, Any]
) -> None:
    one, two = tmp_path / "bikes", tmp_path / "elsewhere/bikes"
    printed = overture(one, released.path, answers)["copier"]
    words = [str(two) if word == str(one) else word for word in shlex.split(printed)]
    assert words[0] == "copier"
    subprocess.run([sys.executable, "-m", *words, "--quiet"], check=True)
    assert files(one) == files(two)


class TestVersions:
    def readme(self, project: Path) -> str:
        return (project / "README.md").read_text(encoding="utf-8")

    @pytest.fixture
    def ahead(self, versions: Repository, tmp_path: Path) -> Repository:
        """A copy of the small template with an uncommitted line."""
        copy = Repository(tmp_path / "template")
        run("git", "clone", "--quiet", versions.path, copy.path, cwd=tmp_path)
        with (copy.path / "template/README.md.jinja").open("a", encoding="utf-8") as file:
            file.write("Not released.\n")
        return copy

    def test_the_newest_tag_is_the_default(self, ahead: Repository, tmp_path: Path) -> None:
        ahead.git("commit", "--quiet", "--all", "-m", "more")
        assert overture(tmp_path / "p", ahead.path, DATA)["version"] == "0.3.0"
        assert "The very end." in self.readme(tmp_path / "p")
        assert "Not released" not in self.readme(tmp_path / "p")

    def test_others_can_be_selected(self, versions: Repository, tmp_path: Path) -> None:
        made = overture(tmp_path / "p", versions.path, DATA, "--ref", "0.1.0")
        assert made["version"] == "0.1.0"
        assert "The end." in self.readme(tmp_path / "p")

    def test_head_includes_uncommitted_changes(self, ahead: Repository, tmp_path: Path) -> None:
        overture(tmp_path / "p", ahead.path, DATA, "--ref", "HEAD")
        assert "Not released" in self.readme(tmp_path / "p")

    @pytest.mark.parametrize("scheme", ["file://", "git+file://"])
    def test_of_a_url_can_be_updated(
        self, versions: Repository, tmp_path: Path, scheme: str
    ) -> None:
        bare = tmp_path / "template.bare"
        run("git", "clone", "--quiet", "--bare", versions.path, bare, cwd=tmp_path)
        made = overture(tmp_path / "p", f"{scheme}{bare}", DATA, "--ref", "0.1.0")
        assert made["template"].endswith(f"file://{bare}")
        project = tmp_path / "p"
        run(sys.executable, "-m", "copier", "update", "--defaults", "--quiet", cwd=project)
        assert "The very end." in self.readme(project)

    def test_that_do_not_exist_are_rejected(self, versions: Repository, tmp_path: Path) -> None:
        words = ("-m", "overture", "new", "p", "--yes", "--template", versions.path, "--ref", "9.9")
        done = subprocess.run(
            [sys.executable, *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert "has no version 9.9" in done.stderr
        assert "Its newest is 0.3.0." in done.stderr
        assert not list(tmp_path.iterdir())


class TestHistory:
    def test_is_one_commit_by_the_user(self, versions: Repository, tmp_path: Path) -> None:
        assert overture(tmp_path / "p", versions.path, DATA)["history"] == "committed"
        project = Repository(tmp_path / "p")
        assert project.git("log", "--format=%an %s") == "Ada Start from Overture"
        assert not project.git("status", "--porcelain")

    def test_starts_in_the_clone_of_an_empty_repository(
        self, versions: Repository, tmp_path: Path
    ) -> None:
        clone = Repository(tmp_path / "p")
        clone.path.mkdir()
        clone.git("init", "--quiet", "--initial-branch=trunk")
        assert overture(clone.path, versions.path, DATA)["history"] == "committed"
        assert clone.git("log", "--format=%s", "trunk") == "Start from Overture"

    def test_includes_files_that_the_user_ignores_elsewhere(
        self, versions: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "ignored").write_text("src/\n*.md\n")
        monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
        monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.excludesFile")
        monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(tmp_path / "ignored"))
        files = overture(tmp_path / "p", versions.path, DATA)["files"]
        assert Repository(tmp_path / "p").git("ls-files").splitlines() == sorted(files)

    def test_is_staged_if_git_has_no_user(
        self, versions: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
        assert overture(tmp_path / "p", versions.path, DATA)["history"] == "staged"
        assert Repository(tmp_path / "p").git("diff", "--cached", "--name-only")

    def test_is_that_of_a_surrounding_repository(
        self, versions: Repository, tmp_path: Path
    ) -> None:
        Repository(tmp_path).git("init", "--quiet")
        assert overture(tmp_path / "p", versions.path, DATA)["history"] == "inside"
        assert not (tmp_path / "p/.git").exists()

    def test_is_left_out_on_request(self, versions: Repository, tmp_path: Path) -> None:
        assert overture(tmp_path / "p", versions.path, DATA, "--no-git")["history"] == "absent"
        assert not (tmp_path / "p/.git").exists()
