"""The functions of `overture` create and update a project without a terminal."""

from pathlib import Path
from typing import Any

import pytest
from lifecycle.held import DATA, TREES
from lifecycle.repositories import Repository
from rendering import run

import overture
from overture.errors import UndecidedEditsError
from overture.template.interview import Interview

pytestmark = pytest.mark.generic


@pytest.fixture
def project(versions: Repository, tmp_path: Path) -> Path:
    overture.create(str(versions.path), DATA, tmp_path / "small", ref="0.1.0")
    return tmp_path / "small"


def commit(project: Path) -> None:
    run("git", "add", "--all", cwd=project)
    run("git", "commit", "--quiet", "-m", "edit", cwd=project)


def test_works_end_to_end(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    planned = overture.plan(project, overture.adding(["csv"]))
    assert not (project / "src/small/datasets/csv.py").exists()
    assert overture.apply(planned) == ()
    assert (project / "src/small/datasets/csv.py").is_file()
    commit(project)
    assert overture.apply(overture.plan(project, {"description": "Other."}, to="0.2.0")) == ()
    commit(project)
    health = overture.check(project)
    assert (health.version, health.newest) == ("0.2.0", "0.3.0")
    assert health.sound
    assert not health.current
    overture.apply(overture.plan(project, upgrade=True))
    assert overture.check(project).version == "0.3.0"
    assert capfd.readouterr() == ("", "")


def test_raises_an_error_for_an_invalid_selection(project: Path) -> None:
    with pytest.raises(overture.Refused) as caught:
        overture.plan(project, overture.adding(["deep"]))
    assert [refusal.key for refusal in caught.value.refusals] == ["models"]
    assert str(caught.value.proposal) == "add nets"
    assert caught.value.command == "overture add deep nets"


def test_rejects_a_plan_with_undecided_edits(project: Path) -> None:
    (project / TREES).write_text("mine = 1\n")
    commit(project)
    planned = overture.plan(project, overture.removing(["trees"]))
    with pytest.raises(UndecidedEditsError, match=TREES):
        overture.apply(planned)
    overture.apply(planned.decided("discard"))
    assert not (project / TREES).exists()


def test_rejects_a_plan_after_a_file_was_modified(project: Path) -> None:
    planned = overture.plan(project, overture.adding(["csv"]))
    overture.apply(planned)
    with pytest.raises(overture.OvertureError, match="was changed"):
        overture.apply(planned)


@pytest.mark.parametrize("options", [{}, {"to": "0.1.0"}])
def test_loads_a_template_once(
    project: Path, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[Path] = []
    load = Interview.load.__func__  # type: ignore[attr-defined]

    def counted(cls: type[Interview], root: Path, *words: Any) -> Interview:
        loaded.append(root)
        interview: Interview = load(cls, root, *words)
        return interview

    monkeypatch.setattr(Interview, "load", classmethod(counted))
    overture.plan(project, overture.adding(["csv"]), **options)
    assert len(loaded) == 1
