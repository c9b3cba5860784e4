"""What every test stands on: no settings and no identity of the machine that runs it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from environments import shared
from rendering import Answers, copy_template, everything, is_light, light, render

from overture.jinja import compiled_once

collect_ignore = ["lifecycle/own"]  # parts that a user adds to a project, to be rendered first


def pytest_report_header() -> str:
    """Tell where the random histories begin, and how many steps they take."""
    steps, first = os.environ.get("OVERTURE_STEPS", "300"), os.environ.get("OVERTURE_SEED", "0")
    return f"histories: OVERTURE_SEED={first} OVERTURE_STEPS={steps}"


@pytest.fixture(autouse=True, scope="session")
def _isolated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give git and Copier an empty home of their own, and a person who commits."""
    home = tmp_path_factory.mktemp("home")
    (home / "gitconfig").write_text(
        "[user]\nname = Ada\nemail = ada@example.org\n[init]\ndefaultBranch = main\n"
    )
    patch = pytest.MonkeyPatch()
    patch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
    patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    patch.setenv("COPIER_CACHE_DIR", str(home / "copier"))
    (home / "settings.yml").write_text("{}\n")
    patch.setenv("COPIER_SETTINGS_PATH", str(home / "settings.yml"))
    for leading in [key for key in os.environ if key.startswith("GIT_CONFIG_") and "_0" in key]:
        patch.delenv(leading)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _compiled_once() -> Iterator[None]:
    """Render the hundreds of projects in a third of the time."""
    with compiled_once():
        yield


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working tree's template, in a folder that is no repository."""
    return copy_template(tmp_path_factory.mktemp("template") / "overture")


@pytest.fixture(scope="session")
def shared_python(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with all but the frameworks beside the first."""
    return shared(render(template, light(), tmp_path_factory.mktemp("light") / "project"))


@pytest.fixture(scope="session")
def whole_python(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with everything; for heavy tests."""
    return shared(render(template, everything(), tmp_path_factory.mktemp("whole") / "project"))


@pytest.fixture
def fitting_python(request: pytest.FixtureRequest, answers: Answers) -> Path:
    """The interpreter of an environment that has what some answers need."""
    name = "shared_python" if is_light(answers) else "whole_python"
    python: Path = request.getfixturevalue(name)
    return python
