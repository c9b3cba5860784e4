"""Every component is complete, and every file of the template has an owner."""

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import selecting
from rendering import ROOT
from selecting import is_of_part, owners
from selections import STATED, all_ids, catalogue

TEMPLATE = ROOT / "template"
SOURCE = TEMPLATE / "src/{{ package }}"
STRATEGIES = [entry for entry in catalogue() if entry.get("class_name")]
DATASETS = [entry for entry in catalogue() if entry["family"] == "datasets"]
OTHERS = [entry for entry in catalogue() if not entry.get("class_name")]

# Files of every project. A new component adds none.
SHARED = [
    ".copier-answers.yml",
    ".editorconfig",
    ".env.example",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".python-version",
    "AGENTS.md",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "docs/tutorial.md",
    "justfile",
    "pyproject.toml",
    "confs/pipelines/all.yaml",
    "data/README.md",
    "data/raw/README.md",
    "data/interim/README.md",
    "data/processed/README.md",
    "src/*/__init__.py",
    "src/*/__main__.py",
    "src/*/casting.py",
    "src/*/cli.py",
    "src/*/concealing.py",
    "src/*/declaration.py",
    "src/*/ending.py",
    "src/*/errors.py",
    "src/*/files.py",
    "src/*/formats.py",
    "src/*/inferring.py",
    "src/*/location.py",
    "src/*/progress.py",
    "src/*/py.typed",
    "src/*/room.py",
    "src/*/strategy.py",
    "src/*/terminal.py",
    "src/*/*/__init__.py",
    "src/*/*/base.py",
    "src/*/*/custom.py",
    "src/*/assessment/assess.py",
    "src/*/assessment/importance.py",
    "src/*/assessment/scoring.py",
    "src/*/assessment/unseen.py",
    "src/*/config/environment.py",
    "src/*/config/kinds.py",
    "src/*/config/load.py",
    "src/*/config/merging.py",
    "src/*/config/schema.py",
    "src/*/config/statement.py",
    "src/*/config/validate.py",
    "src/*/datasets/contract.py",
    "src/*/datasets/filters.py",
    "src/*/datasets/overlapping.py",
    "src/*/jobs/outputs.py",
    "src/*/models/artifact.py",
    "src/*/models/rows.py",
    "src/*/models/trial.py",
    "src/*/monitors/findings.py",
    "src/*/plots/history.py",
    "src/*/pipelines/pipeline.py",
    "src/*/pipelines/plan.py",
    "src/*/pipelines/steps.py",
    "src/*/runs/context.py",
    "src/*/runs/history.py",
    "src/*/runs/latest.py",
    "src/*/runs/provenance.py",
    "src/*/runs/records.py",
    "src/*/runs/report.html",
    "src/*/runs/report.py",
    "src/*/runs/run.py",
    "src/*/runs/tables.py",
    "src/*/trackers/recording.py",
    "src/*/storages/arrow.py",
    "src/*/storages/buckets.py",
    "src/*/storages/paths.py",
    "src/*/storages/reading.py",
    "src/*/storages/staging.py",
    "src/*/splitters/group.py",
    "src/*/splitters/random.py",
    "src/*/splitters/time.py",
    "tests/command.py",
    "tests/conftest.py",
    "tests/confs/pipelines/all.yaml",
    "tests/test_declared.py",
    "tests/test_docstrings.py",
    "tests/contracts/artifacts.py",
    "tests/contracts/file_datasets.py",
    "tests/contracts/typed_columns.py",
    "tests/examples.py",
    "tests/quickest.py",
    "tests/saved.py",
]


def landed(path: Path) -> str:
    """Return the path of a template file in a project, with `*` for the package."""
    return selecting.landed(path.relative_to(ROOT).as_posix())


def is_test_of_shared(path: str) -> bool:
    """Return whether a test mirrors a module of every project."""
    mirrored = re.sub(r"^tests/", "src/*/", path).replace("test_", "")
    return path.startswith("tests/") and any(fnmatch(mirrored, pattern) for pattern in SHARED)


def is_suite(path: str) -> bool:
    """Return whether a file is the contract suite of an interface."""
    folders = {base.parent.name for base in SOURCE.glob("*/base.py*")}
    return path in {f"tests/contracts/{folder}.py" for folder in folders}


@pytest.mark.parametrize("entry", STRATEGIES, ids=lambda entry: entry["id"])
class TestStrategy:
    def test_has_a_module_with_its_class(self, entry: dict[str, str]) -> None:
        (module,) = (SOURCE / entry["family"]).glob(f"{entry['id']}.py*")
        assert f"class {entry['class_name']}(" in module.read_text(encoding="utf-8")

    def test_a_storage_states_the_scheme_of_its_class(self, entry: dict[str, str]) -> None:
        (module,) = (SOURCE / entry["family"]).glob(f"{entry['id']}.py*")
        found = re.findall(r'scheme: ClassVar\[str\] = "(\w+)"', module.read_text(encoding="utf-8"))
        assert found == ([entry["scheme"]] if "scheme" in entry else [])

    def test_has_a_test(self, entry: dict[str, str]) -> None:
        test = TEMPLATE / "tests" / entry["family"] / f"test_{entry['id']}.py.jinja"
        assert "Contract" in test.read_text(encoding="utf-8")

    def test_has_a_configuration(self, entry: dict[str, str]) -> None:
        folder = TEMPLATE / "confs" / entry["family"]
        assert list(folder.glob(f"{entry['id']}.yaml*"))

    def test_has_a_manifest_of_a_saved_model(self, entry: dict[str, str]) -> None:
        stored = list((TEMPLATE / "tests/formats").glob(f"*/{entry['id']}.json"))
        assert bool(stored) == (entry["family"] == "models")

    def test_has_a_page(self, entry: dict[str, str]) -> None:
        page = ROOT / "docs/components" / f"{entry['id']}.md"
        assert page.read_text(encoding="utf-8").startswith(f"# {entry['title']}")


@pytest.mark.parametrize("entry", DATASETS, ids=lambda entry: entry["id"])
def test_a_dataset_has_samples_if_and_only_if_it_has_a_location(
    entry: dict[str, Any],
) -> None:
    assert ("location" in entry) == ("sample" in entry.get("provides", []))
    for task in catalogue():
        for value in entry.get("location", {}).values() if "sample" in task else ():
            file = value.rpartition("/")[2].format(name=task["sample"]["name"])
            assert "{" not in value or (TEMPLATE / "data" / file).exists()


def test_every_model_has_a_space_to_search() -> None:
    spaces = {path.stem for path in (TEMPLATE / "confs/spaces").iterdir()}
    assert spaces == {entry["id"] for entry in STRATEGIES if entry["family"] == "models"}


@pytest.mark.parametrize("entry", OTHERS, ids=lambda entry: entry["id"])
class TestOther:
    def test_has_a_file_or_a_recipe_of_its_own(self, entry: dict[str, list[str]]) -> None:
        assert entry.get("files") or entry.get("recipes")
        for pattern in entry.get("files", ()):
            base = TEMPLATE / pattern
            assert base.exists() or base.with_name(base.name + ".jinja").exists(), pattern

    def test_has_a_page(self, entry: dict[str, str]) -> None:
        page = ROOT / "docs/components" / f"{entry['id']}.md"
        assert page.read_text(encoding="utf-8").startswith(f"# {entry['title']}")


@pytest.mark.parametrize("family", sorted({entry["family"] for entry in STRATEGIES}))
def test_each_interface_has_a_contract_suite(family: str) -> None:
    assert (SOURCE / family / "base.py").exists() or (SOURCE / family / "base.py.jinja").exists()
    suite = TEMPLATE / "tests/contracts"
    assert list(suite.glob(f"{family}.py*"))


def test_every_file_of_the_template_has_an_owner() -> None:
    orphans = [
        path
        for path in map(landed, filter(Path.is_file, TEMPLATE.rglob("*")))
        if not any(fnmatch(path, pattern) for pattern in SHARED)
        and not is_test_of_shared(path)
        and not is_suite(path)
        and not owners(path)
    ]
    assert not orphans


PARTS = sorted({part for entry in catalogue() for part in entry.get("uses", [])})


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_components_use_has_files(part: str) -> None:
    files = map(landed, filter(Path.is_file, TEMPLATE.rglob("*")))
    assert any(is_of_part(path, part) for path in files)


def test_a_strategy_is_of_a_family_with_an_interface() -> None:
    interfaces = {each["id"]: each.get("interface") for each in STATED}
    for entry in STRATEGIES:
        base = next((SOURCE / entry["family"]).glob("base.py*")).read_text(encoding="utf-8")
        assert f"class {interfaces[entry['family']]}(Strategy" in base


def test_only_joints_and_tests_are_jinja() -> None:
    """Modules of components are plain Python; templates have conditions, loops or the package name.

    A schema, an owned file, depends on the selection.
    """
    needless = [
        path.relative_to(TEMPLATE).as_posix()
        for path in TEMPLATE.rglob("*.jinja")
        if not re.search(r"\{%|\{\{", path.read_text(encoding="utf-8"))
    ]
    assert not needless
    modules = [landed(path) for path in SOURCE.rglob("*.jinja")]
    named = [path for path in modules if Path(path).stem in all_ids()]
    assert not [path for path in named if "/schemas/" not in path]


def test_no_component_is_named_in_a_joint() -> None:
    """Adding a component changes no existing file, because joints loop over data.

    The id `training` is excepted, since the commands of the README depend on it.
    """
    named = []
    for path in TEMPLATE.rglob("*.jinja"):
        if owners(landed(path)) or landed(path).startswith("tests/"):
            continue
        expressions = re.findall(r"\{[{%].*?[%}]\}", path.read_text(encoding="utf-8"))
        for entry in catalogue():
            quoted = f"'{entry['id']}'"
            if entry["id"] != "training" and any(quoted in text for text in expressions):
                named.append((landed(path), entry["id"]))
    assert not named
