"""Every component is whole, and every file of the template has an owner."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from rendering import ROOT, catalogue

TEMPLATE = ROOT / "template"
SOURCE = TEMPLATE / "src/{{ package }}"
STRATEGIES = [entry for entry in catalogue() if entry.get("class_name")]
OTHERS = [entry for entry in catalogue() if not entry.get("class_name")]

# Files of every project, whatever is chosen. A new component adds none.
SHARED = """
.copier-answers.yml .gitignore .pre-commit-config.yaml AGENTS.md LICENSE README.md pyproject.toml
data/README.md
src/*/__init__.py src/*/__main__.py src/*/assessment.py src/*/cli.py src/*/config.py
src/*/contract.py src/*/errors.py src/*/files.py src/*/importance.py src/*/kinds.py
src/*/progress.py src/*/provenance.py src/*/py.typed src/*/report.html src/*/report.py
src/*/rows.py src/*/runs.py src/*/scoring.py src/*/strategy.py src/*/validation.py
src/*/*/__init__.py src/*/*/base.py src/*/*/own.py src/*/models/artefact.py
src/*/splitters/group.py src/*/splitters/random.py src/*/splitters/time.py
tests/conftest.py tests/contracts/*.py tests/examples.py tests/saved.py
""".split()


def landed(path: Path) -> str:
    """Return where a file of the template lands, with the package written as a star."""
    relative = path.relative_to(TEMPLATE).as_posix().removesuffix(".jinja")
    return relative.replace("{{ package }}", "*").replace(
        "{{ _copier_conf.answers_file }}", ".copier-answers.yml"
    )


def owners(path: str) -> list[str]:
    """Return the components that a file belongs to: named after them, or listed."""
    stem = re.sub(r"^test_", "", Path(path).stem)
    found = []
    for entry in catalogue():
        listed = any(
            fnmatch(path, pattern) or fnmatch(path, f"{pattern}/*")
            for pattern in entry.get("files", [])
        )
        if stem == entry["id"] or listed:
            found.append(entry["id"])
    return found


def is_test_of_shared(path: str) -> bool:
    """Tell whether a test mirrors a module that every project has."""
    mirrored = re.sub(r"^tests/", "src/*/", path).replace("test_", "")
    return path.startswith("tests/") and any(fnmatch(mirrored, pattern) for pattern in SHARED)


@pytest.mark.parametrize("entry", STRATEGIES, ids=lambda entry: entry["id"])
class TestStrategy:
    def test_has_a_module_with_its_class(self, entry: dict[str, str]) -> None:
        module = SOURCE / entry["family"] / f"{entry['id']}.py"
        assert f"class {entry['class_name']}(" in module.read_text(encoding="utf-8")

    def test_has_a_test(self, entry: dict[str, str]) -> None:
        test = TEMPLATE / "tests" / entry["family"] / f"test_{entry['id']}.py.jinja"
        assert "Contract" in test.read_text(encoding="utf-8")

    def test_has_a_configuration(self, entry: dict[str, str]) -> None:
        folder = TEMPLATE / "confs" / entry["family"]
        assert list(folder.glob(f"{entry['id']}.yaml*"))

    def test_has_a_page(self, entry: dict[str, str]) -> None:
        page = ROOT / "docs/components" / f"{entry['id']}.md"
        assert page.read_text(encoding="utf-8").startswith(f"# {entry['title']}")


@pytest.mark.parametrize("entry", OTHERS, ids=lambda entry: entry["id"])
class TestOther:
    def test_has_a_file_of_its_own(self, entry: dict[str, list[str]]) -> None:
        for pattern in entry["files"]:
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
        for path in map(landed, TEMPLATE.rglob("*"))
        if (TEMPLATE / path).suffix != ""
        and not any(fnmatch(path, pattern) for pattern in SHARED)
        and not is_test_of_shared(path)
        and not owners(path)
        and not (TEMPLATE / path).is_dir()
    ]
    assert not orphans


def test_only_joints_and_tests_are_jinja() -> None:
    """A module of a component is plain Python; a template decides, loops, or names the package.

    A schema, which is the user's once it is written, differs with what else was chosen.
    """
    needless = [
        path.relative_to(TEMPLATE).as_posix()
        for path in TEMPLATE.rglob("*.jinja")
        if not re.search(r"\{%|\{\{", path.read_text(encoding="utf-8"))
    ]
    assert not needless
    modules = [landed(path) for path in SOURCE.rglob("*.jinja")]
    assert not [path for path in modules if owners(path) and "/schemas/" not in path]


def test_no_component_is_named_in_a_joint() -> None:
    """Adding a component changes no existing file: joints loop over data, jobs apart.

    Whether a project trains decides which commands its README can show.
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
