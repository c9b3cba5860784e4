"""The documentation is complete: every component is named, and every link is valid."""

import re
from pathlib import Path

import pytest
from rendering import ROOT
from selections import catalogue, families, ids

README = (ROOT / "README.md").read_text(encoding="utf-8")
CHOOSING = (ROOT / "docs/choosing.md").read_text(encoding="utf-8")
BY_HAND = ROOT / "benchmarks/frameworks.md"
UNDER_LOAD = ROOT / "benchmarks/serving.md"
AT_SCALE = ROOT / "benchmarks/scale.md"
STORED = ROOT / "benchmarks/storages.md"
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")]


def rows() -> list[str]:
    """Return the rows of the README's table of components, without its header."""
    section = README.partition("## Components\n")[2].partition("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("| ")][2:]


@pytest.mark.parametrize("family", families())
def test_the_readme_lists_a_family(family: str) -> None:
    links = ", ".join(f"[{id_}](docs/components/{id_}.md)" for id_ in ids(family))
    assert f"| {family} | {links} |" in rows()


def test_the_readme_lists_nothing_else() -> None:
    assert sorted(re.split(r" *\| *", row)[1] for row in rows()) == families()


@pytest.mark.parametrize("id_", sorted(entry["id"] for entry in catalogue()))
def test_the_changelog_names_a_component(id_: str) -> None:
    assert f"`{id_}`" in CHANGES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_targets_an_existing_file(page: Path) -> None:
    prose = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", prose) if "://" not in link]
    assert not [link for link in links if not (page.parent / link.partition("#")[0]).exists()]


def cells(table: str) -> dict[str, list[str]]:
    """Return the cells of a table's rows, by the first cell."""
    rows = [re.split(r" *\| *", line)[1:-1] for line in table.splitlines() if line[:2] == "| "]
    return {row[0]: row[1:] for row in rows[2:]}


def offered(measured: dict[str, list[str]]) -> list[str]:
    """Return the measured frameworks; a new one is added by the next measurement."""
    return [id_ for id_ in ids("models") if id_ in measured]


@pytest.mark.parametrize("size", ["small", "large"])
def test_choosing_measures_frameworks_that_are_offered(size: str) -> None:
    measured = cells(CHOOSING.partition(f"<!-- {size} -->")[2].partition("<!-- end -->")[0])
    assert list(measured) == offered(measured) != []
    assert all(cell for row in measured.values() for cell in row)


def test_the_interface_makes_no_framework_slower_or_larger() -> None:
    """At most 5% more time to fit and to predict, and 10% more memory, than direct use."""
    measured = cells(BY_HAND.read_text(encoding="utf-8"))
    assert list(measured) == offered(measured) != []
    over = {
        id_: (fit, predict, memory)
        for id_, (_, fit, _, predict, _, memory) in measured.items()
        if float(fit) > 1.05 or float(predict) > 1.05 or float(memory) > 1.10
    }
    assert not over


def test_the_service_is_as_fast_as_a_bare_handler_under_load() -> None:
    """At least 90% of its requests per second, and at most 110% of its p99."""
    lines = UNDER_LOAD.read_text(encoding="utf-8").splitlines()
    measured = [re.split(r" *\| *", line)[4:-1] for line in lines if "| generated |" in line]
    assert len(measured) == 12
    slower = [row for row in measured if float(row[1]) < 0.9 or float(row[5]) > 1.1]
    assert not slower


def test_inference_at_scale_is_as_fast_as_a_loop_in_bounded_memory() -> None:
    """At least 90% of the rows per second; for ten times the rows, the same memory within 5%."""
    short, long = cells(AT_SCALE.read_text(encoding="utf-8")).values()
    assert min(float(short[1]), float(long[1])) >= 0.9
    assert float(long[2]) <= 1.05 * float(short[2])


def test_reading_from_a_storage_is_as_fast_as_the_fastest_library() -> None:
    """At least 90% of the speed of the fastest library."""
    measured = cells(STORED.read_text(encoding="utf-8"))
    best = min(float(row[1]) for way, row in measured.items() if way != "generated")
    assert best / float(measured["generated"][1]) >= 0.9
