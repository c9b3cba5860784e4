"""Fixtures of all tests, which isolate them from the settings of the machine."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from environments import locked, pinned
from rendering import Answers, copy_template, render
from selecting import changed, of_change, of_shard, touched
from selections import everything, light

from overture.template.jinja import compiled_once

collect_ignore = ["lifecycle/own"]  # a user's files for a project, which only work there


def pytest_report_header() -> str:
    """Return the seed and the number of steps of the random histories."""
    steps, first = os.environ.get("OVERTURE_STEPS", "100"), os.environ.get("OVERTURE_SEED", "0")
    return f"histories: OVERTURE_SEED={first} OVERTURE_STEPS={steps}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that select tests."""
    chosen = parser.getgroup("test selection")
    chosen.addoption(
        "--changed", action="store_true", help="tests of components that differ from main"
    )
    chosen.addoption("--shard", default="1/1", help="tests of a shard, such as 1/4")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests by the options, and sort the rest."""
    kept = of_shard(items, config.getoption("--shard"))
    of = touched(changed()) if config.getoption("--changed") else None
    if of is not None:
        kept = of_change(kept, of)
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    # The longest tests start first, so that both workers finish at the same time.
    items[:] = sorted(kept, key=lambda item: "test_own_suites" not in item.nodeid)


@pytest.fixture(autouse=True, scope="session")
def _isolated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give git and Copier an empty configuration, with a user who commits."""
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
    """Compile Jinja templates once, which renders projects in a third of the time."""
    with compiled_once():
        yield


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working tree's template, in a folder without git history."""
    return copy_template(tmp_path_factory.mktemp("template") / "overture")


@pytest.fixture(scope="session")
def project(
    template: Path, tmp_path_factory: pytest.TempPathFactory, testrun_uid: str
) -> Callable[[Answers], Path]:
    """A function that renders a project, once per session and answers, for all workers."""
    shared = tmp_path_factory.getbasetemp().parent / f"projects-{testrun_uid}"

    def once(answers: Answers) -> Path:
        key = hashlib.sha256(yaml.safe_dump(dict(answers)).encode()).hexdigest()[:16]
        folder = shared / key / "project"
        with locked(shared / key):
            if not folder.exists():
                render(template, answers, folder.with_name("rendered"))
                folder.with_name("rendered").rename(folder)
        return folder

    return once


@pytest.fixture(scope="session")
def python(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with everything but the frameworks after the first."""
    project = render(template, light(), tmp_path_factory.mktemp("light") / "project")
    return pinned(project, "light")


@pytest.fixture(scope="session")
def whole_python(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with everything."""
    project = render(template, everything(), tmp_path_factory.mktemp("whole") / "project")
    return pinned(project, "whole")
