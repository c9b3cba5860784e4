"""Updates report renamed and removed choices, and templates without releases, in advance."""

import json
from pathlib import Path

import pytest
import yaml
from lifecycle.repositories import Repository
from lifecycle.small import component, small
from packaging.version import Version
from rendering import files, run

from overture.cli import main
from overture.template.migrations import is_release, version

pytestmark = pytest.mark.generic

DATA = ("tasks=regression", "models=linear,trees", "datasets=parquet", "jobs=training")
TREES = "src/small/models/trees.py"


@pytest.fixture
def template(tmp_path: Path) -> Repository:
    return small(tmp_path / "template")


def made(template: Repository, folder: Path, ref: str) -> Path:
    """Create a project with an edit of one of its components."""
    data = [f"--data={pair}" for pair in ("project_name=small", *DATA, "trackers=", "extras=")]
    words = ["--template", str(template.path), "--ref", ref, "--yes", *data]
    assert main(["new", str(folder), "--no-lock", *words]) == 0
    with (folder / TREES).open("a") as file:
        file.write("MINE = 1\n")
    run("git", "commit", "--quiet", "--all", "-m", "Edit", cwd=folder)
    return folder


def renamed(template: Repository, *, migrated: bool) -> None:
    """Release a version in which the component `trees` has another id."""
    package = template.path / "template/src/{{ package }}"
    (template.path / "components/models/trees.yml").unlink()
    component(template.path, "models", "woods")
    (package / "models/trees.py").rename(package / "models/woods.py")
    old = "src/{{ package }}/models/trees.py"
    if migrated:
        step = {
            "version": "0.4.0",
            "components": {"trees": "woods"},
            "moved": {old: old.replace("trees", "woods")},
        }
        path = template.path / "migrations.yml"
        path.write_text(yaml.safe_dump([*yaml.safe_load(path.read_text()), step]))
    template.release("0.4.0")


def grown(template: Repository) -> None:
    """Commit another line of the template, without a release."""
    with (template.path / "template/README.md.jinja").open("a") as file:
        file.write("More.\n")
    template.git("commit", "--quiet", "--all", "-m", "More")


class TestChoices:
    """Plain Copier replaces an answer with its default if one of its choices no longer exists."""

    def test_that_a_version_renames_are_followed(
        self, template: Repository, tmp_path: Path
    ) -> None:
        project = made(template, tmp_path / "small", "0.3.0")
        renamed(template, migrated=True)
        assert main(["update", "--yes", "-C", str(project)]) == 0
        recorded = yaml.safe_load((project / ".copier-answers.yml").read_text())
        assert recorded["models"] == ["linear", "woods"]
        assert not (project / TREES).exists()
        assert "MINE = 1\n" in (project / TREES.replace("trees", "woods")).read_text()

    def test_that_a_version_lacks_are_rejected_with_the_remedy(
        self, template: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        project = made(template, tmp_path / "small", "0.3.0")
        renamed(template, migrated=False)
        before = files(project)
        assert main(["update", "--yes", "-C", str(project)]) == 2
        said = capsys.readouterr().err
        assert "The template's version 0.4.0 has no trees" in said
        assert "overture remove trees" in said
        assert files(project) == before
        assert main(["remove", "trees", "--yes", "--keep-edited", "-C", str(project)]) == 0
        run("git", "add", "--all", cwd=project)
        run("git", "commit", "--quiet", "-m", "Remove", cwd=project)
        assert main(["update", "--yes", "-C", str(project)]) == 0
        recorded = yaml.safe_load((project / ".copier-answers.yml").read_text())
        assert recorded["models"] == ["linear"]
        assert "MINE = 1\n" in (project / TREES).read_text()

    @pytest.mark.parametrize("pair", ["models=linear,tres", "project_name=!"])
    def test_without_a_valid_alternative_have_no_proposal(
        self, template: Repository, tmp_path: Path, pair: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        project = made(template, tmp_path / "small", "0.3.0")
        assert main(["set", pair, "--yes", "-C", str(project)]) == 2
        said = capsys.readouterr().err
        assert pair.partition("=")[0] in said
        assert "closest valid change" not in said


class TestWithoutRelease:
    """Plain Copier rejects a downgrade to a tag, with an unhelpful message."""

    def test_an_update_does_not_downgrade_to_an_older_release(
        self, template: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        grown(template)
        project = made(template, tmp_path / "small", "HEAD")
        before = files(project)
        capsys.readouterr()
        for words in (["update"], ["update", "--to", "0.2.0"]):
            assert main([*words, "--yes", "-C", str(project)]) == 2
            said = capsys.readouterr().err
            assert f"than the version that the project follows, {recorded(project)}" in said
            assert "--to HEAD" in said
            assert files(project) == before
        template.release("0.4.0")
        assert main(["update", "--yes", "-C", str(project)]) == 0
        assert recorded(project) == "0.4.0"

    def test_a_template_without_tags_is_followed_by_its_commits(
        self, template: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for tag in template.git("tag", "--list").splitlines():
            template.git("tag", "--delete", tag)
        project = made(template, tmp_path / "small", "HEAD")
        assert self.found(project, capsys) == {"unreleased", "drifted"}
        grown(template)
        assert self.found(project, capsys) == {"behind", "drifted"}
        assert main(["update", "--yes", "-C", str(project)]) == 0
        assert (project / "README.md").read_text().endswith("More.\n")
        assert self.found(project, capsys) == {"unreleased", "drifted"}

    def test_a_first_release_is_later_than_the_commits_before_it(
        self, template: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for tag in template.git("tag", "--list").splitlines():
            template.git("tag", "--delete", tag)
        project = made(template, tmp_path / "small", "HEAD")
        grown(template)
        template.release("0.4.0")
        assert "behind" in self.found(project, capsys)

    def found(self, project: Path, capsys: pytest.CaptureFixture[str]) -> set[str]:
        """Return the findings of check; a project is current unless it is behind."""
        capsys.readouterr()
        assert main(["check", "--json", "-C", str(project)]) == 0
        output = json.loads(capsys.readouterr().out)
        kinds = {item["kind"] for item in output["findings"]}
        assert output["current"] == ("behind" not in kinds)
        return kinds

    @pytest.mark.parametrize("label", ["91a0518", "1234567", "12345c7", "f780b28", "0.3.0-1-g123"])
    def test_a_commit_hash_is_not_a_version(self, label: str) -> None:
        assert not is_release(label)
        assert version(label) <= Version("0.3.0")


def recorded(project: Path) -> str:
    """Return the version that a project follows."""
    stated: dict[str, str] = yaml.safe_load((project / ".copier-answers.yml").read_text())
    return stated["_commit"]
