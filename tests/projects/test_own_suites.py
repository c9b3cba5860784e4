"""Rendered projects pass their own tests, and nothing is tested twice.

Two suites run completely: of all light components (without the frameworks after the first), and of
the smallest project; `make demo` runs that of the default project. Of every other selection, those
test files run that differ from those of earlier selections; in the nightly run, also those whose
imports differ. Each framework runs its own test files in a project with all frameworks;
`test_frameworks.py` tests it alone.
"""

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from closures import Digests, contents, fresh
from environments import inside, locked, pinned
from rendering import Answers, run
from selections import alone, everything, ids, least, light_ids, maximal

Project = Callable[[Answers], Path]

FRAMEWORKS = ids("models")[1:]
LIGHT, *OTHERS = maximal(light_ids())  # others, if components conflict
SELECTIONS: dict[str, Answers] = {"light": LIGHT, "least": least(), "default": {}}
SELECTIONS |= {f"light {number}": answers for number, answers in enumerate(OTHERS, 2)}
SELECTIONS |= {id_: answers for id_, answers in alone().items() if id_ not in FRAMEWORKS}
# The largest suite is split for two cores: the test files, and the components that they test.
STORAGES = {f"storages/test_{id_}.py": id_ for id_ in ids("storages")}
FOLDERS = {"explainers": "models", "searchers": "jobs", "service": "jobs", "sources": "trackers"}
FOLDERS |= {family: family for family in ("datasets", "jobs", "models", "monitors", "trackers")}
PARTS = [*STORAGES.items(), ("the rest", "all"), *FOLDERS.items()]


def part_of(path: str) -> str:
    """Return the part of the largest suite that a test file belongs to."""
    within = path.removeprefix("tests/")
    folder = within.partition("/")[0]
    return within if within in STORAGES else folder if folder in FOLDERS else "the rest"


def known(project: Path, *, deep: bool = True) -> dict[str, Digests]:
    """Return the dependencies of each test file, computed once per session."""
    kept = project.with_name(f"contents-{deep}.json")
    with locked(kept):
        if not kept.exists():
            kept.write_text(json.dumps(contents(project, deep=deep)), encoding="utf-8")
    found: dict[str, Digests] = json.loads(kept.read_text(encoding="utf-8"))
    return found


def changed(project: Project, name: str, *, deep: bool) -> list[str]:
    """Return the tests of a selection that differ from those of earlier ones."""
    names = list(SELECTIONS)
    before = [known(project(SELECTIONS[each]), deep=deep) for each in names[: names.index(name)]]
    return fresh(known(project(SELECTIONS[name]), deep=deep), before)


def passes(project: Path, python: Path, copy: Path, files: Iterable[str]) -> None:
    """Check that test files of a project pass in a copy of it, without skipped tests."""
    shutil.copytree(project, copy)
    words = ("-m", "pytest", "-q", "--durations=5", *files)
    printed = run(python, *words, cwd=copy, env=inside(python, copy))
    assert " passed" in printed
    assert "skipped" not in printed


@pytest.mark.slow
@pytest.mark.parametrize("id_", FRAMEWORKS)
def test_a_framework_passes_its_own_tests(
    project: Project, whole_python: Path, tmp_path: Path, id_: str
) -> None:
    folder = project(everything())
    files = [path.relative_to(folder) for path in folder.glob(f"tests/*/test_{id_}.py")]
    passes(folder, whole_python, tmp_path / "project", map(str, files))


@pytest.mark.slow
def test_shared_code_passes_its_tests_with_all_frameworks(
    project: Project, whole_python: Path, tmp_path: Path
) -> None:
    """Runs the other test files that are rendered differently with more frameworks."""
    folder, other = project(everything()), project(LIGHT)
    files = [
        path
        for path in known(folder)
        if Path(path).stem.removeprefix("test_") not in FRAMEWORKS
        and not (
            (other / path).exists() and (other / path).read_bytes() == (folder / path).read_bytes()
        )
    ]
    passes(folder, whole_python, tmp_path / "project", files)


@pytest.mark.whole
@pytest.mark.parametrize(("part", "of"), PARTS)
def test_everything_light_passes_its_own_tests(
    project: Project, python: Path, tmp_path: Path, part: str, of: str
) -> None:
    """`of` tells `--changed` which components affect a part."""
    del of
    folder = project(LIGHT)
    files = sorted(path for path in known(folder) if part_of(path) == part)
    passes(folder, python, tmp_path / "project", files)


@pytest.mark.whole
def test_the_least_passes_its_own_tests(project: Project, python: Path, tmp_path: Path) -> None:
    folder = project(least())
    passes(folder, python, tmp_path / "project", changed(project, "least", deep=True))


@pytest.mark.parametrize("deep", [False, pytest.param(True, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("name", list(SELECTIONS)[3:])
def test_the_changed_tests_of_a_selection_pass(
    project: Project, python: Path, tmp_path: Path, name: str, *, deep: bool
) -> None:
    if files := changed(project, name, deep=deep):
        folder = project(SELECTIONS[name])
        if SELECTIONS[name] in OTHERS:
            python = pinned(folder, name.replace(" ", "-"))
        passes(folder, python, tmp_path / "project", files)
