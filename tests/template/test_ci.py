"""Continuous integration runs the recipes of the project, whichever platform it runs on."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from platforms import audit
from rendering import ROOT, Answers, run
from selections import all_ids, alone, beside, catalogue, ids, least, selected

Project = Callable[[Answers], Path]

PYTHONS = ("3.11", "3.12", "3.13")
RESOLUTIONS = ("highest", "lowest-direct")
ENTRIES = [entry for entry in catalogue() if entry["family"] == "ci"]


@dataclass(frozen=True)
class Pipeline:
    """What a platform runs: two jobs of commands, on what, and when."""

    checks: list[str]
    tests: list[str]
    matrix: list[tuple[str, str]]
    kept: list[str]
    events: set[str]


def of_github(stated: Mapping[Any, Any]) -> Pipeline:
    checks, tests = stated["jobs"]["static"], stated["jobs"]["tests"]
    matrix = tests["strategy"]["matrix"]
    assert tests["env"] == {
        "UV_PYTHON": "${{ matrix.python }}",
        "UV_RESOLUTION": "${{ matrix.resolution }}",
    }
    uploads = [step["with"] for step in checks["steps"] if "upload" in step.get("uses", "")]
    return Pipeline(
        checks=commands(checks["steps"], "run"),
        tests=commands(tests["steps"], "run"),
        matrix=[(python, how) for python in matrix["python"] for how in matrix["resolution"]],
        kept=[path for upload in uploads for path in upload["path"].split()],
        events=set(stated[True]),  # YAML 1.1 reads the key `on` as true
    )


def of_gitlab(stated: Mapping[Any, Any]) -> Pipeline:
    checks, tests = stated["checks"], stated["tests"]
    (matrix,) = tests["parallel"]["matrix"]
    conditions = " ".join(rule["if"] for rule in stated["workflow"]["rules"])
    events = {"merge_request_event": "pull_request", "schedule": "schedule", "BRANCH": "push"}
    return Pipeline(
        checks=checks["script"],
        tests=tests["script"],
        matrix=[(python, how) for python in matrix["UV_PYTHON"] for how in matrix["UV_RESOLUTION"]],
        kept=checks.get("artifacts", {}).get("paths", []),
        events={name for word, name in events.items() if word in conditions},
    )


def of_azuredevops(stated: Mapping[Any, Any]) -> Pipeline:
    checks, tests = stated["jobs"]
    matrix = tests["strategy"]["matrix"].values()
    events = {"trigger": "push", "pr": "pull_request", "schedules": "schedule"}
    return Pipeline(
        checks=commands(checks["steps"], "script"),
        tests=commands(tests["steps"], "script"),
        matrix=[(each["UV_PYTHON"], each["UV_RESOLUTION"]) for each in matrix],
        kept=commands(checks["steps"], "publish"),
        events={name for key, name in events.items() if stated.get(key)},
    )


READERS = {"github": of_github, "gitlab": of_gitlab, "azuredevops": of_azuredevops}


def commands(steps: Iterable[Mapping[str, str]], key: str) -> list[str]:
    return [step[key] for step in steps if key in step]


def pipeline(entry: Mapping[str, Any], folder: Path) -> Pipeline:
    """Return what the project's file for a platform states."""
    text = (folder / entry["files"][0]).read_text(encoding="utf-8")
    return READERS[entry["id"]](yaml.safe_load(text))


def recipes(lines: Iterable[str]) -> list[str]:
    """Return the recipes that commands run."""
    return [name for line in lines for name in re.findall(r"\buv run just (\S+)", line)]


def largest(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the largest selection with a platform."""
    others = set(ids("ci")) - {entry["id"]}
    return beside(id_ for id_ in all_ids() if id_ not in others)


SELECTIONS = [
    pytest.param(entry, answers, id=f"{entry['id']}-{name}")
    for entry in ENTRIES
    for name, answers in (("alone", alone()[entry["id"]]), ("largest", largest(entry)))
]


@pytest.mark.parametrize(("entry", "answers"), SELECTIONS)
class TestEachPlatform:
    def test_its_own_recipe_accepts_its_file(
        self, project: Project, entry: dict[str, Any], answers: Answers
    ) -> None:
        (name,) = entry["checks"]
        for command in entry["recipes"][name]["commands"]:
            run("sh", "-c", command, cwd=project(answers))

    def test_runs_every_check_and_recipe_of_the_chosen_components(
        self, project: Project, entry: dict[str, Any], answers: Answers
    ) -> None:
        justfile = (project(answers) / "justfile").read_text(encoding="utf-8")
        known = re.findall(r"^([a-z][a-z0-9-]*)(?: \*arguments)?:", justfile, re.MULTILINE)
        (included,) = re.findall(r"^check:(.*)", justfile, re.MULTILINE)
        stated = pipeline(entry, project(answers))
        chosen = selected(answers)
        assert set(included.split()) - {"&&"} >= {
            name for each in chosen for name in each.get("checks", [])
        }
        assert recipes(stated.checks)[0] == "hooks"
        assert sorted(recipes(stated.checks)[1:]) == sorted(
            name for each in chosen for name in each.get("ci", [])
        )
        assert {*recipes(stated.checks), *recipes(stated.tests)} <= set(known)

    def test_keeps_the_artifacts_of_the_chosen_components(
        self, project: Project, entry: dict[str, Any], answers: Answers
    ) -> None:
        stated = {path for each in selected(answers) for path in each.get("artifacts", [])}
        assert set(pipeline(entry, project(answers)).kept) == stated

    def test_measures_coverage_on_each_python_with_each_resolution(
        self, project: Project, entry: dict[str, Any], answers: Answers
    ) -> None:
        stated = pipeline(entry, project(answers))
        assert recipes(stated.tests) == ["coverage"]
        assert stated.matrix == [(python, how) for python in PYTHONS for how in RESOLUTIONS]

    def test_installs_system_packages_before_the_tests(
        self, project: Project, entry: dict[str, Any], answers: Answers
    ) -> None:
        needed = {name for each in selected(answers) for name in each.get("system", [])}
        lines = pipeline(entry, project(answers)).tests
        installed = [line for line in lines if "apt-get install" in line]
        assert {word for line in installed for word in line.split()} >= needed
        assert len(installed) == bool(needed)

    def test_installs_the_uv_of_this_repository_and_checks_the_lock(
        self, project: Project, entry: dict[str, Any], answers: Answers
    ) -> None:
        constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
        (pin,) = re.findall(r"^uv==\S+$", constraints, re.MULTILINE)
        stated = pipeline(entry, project(answers))
        for lines in (stated.checks, stated.tests):
            assert re.findall(r"uv[=><]=[^\s\"]+", "\n".join(lines)) == [pin]
        assert "test ! -f uv.lock || uv lock --check" in stated.checks

    def test_runs_on_changes_and_by_a_schedule(
        self, project: Project, entry: dict[str, Any], answers: Answers
    ) -> None:
        by_hand = {"workflow_dispatch"} if entry["id"] == "github" else set()
        events = pipeline(entry, project(answers)).events
        assert events == {"push", "pull_request", "schedule"} | by_hand


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_older_pythons_than_the_minimum_are_not_tested(
    project: Project, entry: dict[str, Any]
) -> None:
    answers = alone()[entry["id"]] | {"python_version": "3.12"}
    tested = {python for python, _ in pipeline(entry, project(answers)).matrix}
    assert tested == {"3.12", "3.13"}


def test_the_interview_offers_the_pythons_that_are_tested() -> None:
    text = (ROOT / "copier.yml").read_text(encoding="utf-8")
    question = text.partition("\npython_version:\n")[2]
    offered = re.search(r"\A(?:  .+\n)*?  choices: (.+)\n", question)
    assert offered
    assert tuple(yaml.safe_load(offered[1])) == PYTHONS


def test_projects_are_checked_by_github_unless_another_answer_is_given(project: Project) -> None:
    assert (project({}) / ".github/workflows/checks.yml").is_file()
    assert not (project(least()) / ".github").exists()


def test_the_workflow_of_github_passes_the_strictest_audit(project: Project) -> None:
    for answers in (alone()["github"], alone()["security"] | {"ci": "github"}):
        audit(".github/workflows", project=project(answers))


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry["id"])
def test_artifacts_are_written_by_recipes_and_ignored_by_git(entry: dict[str, Any]) -> None:
    if artifacts := entry.get("artifacts"):
        assert entry["ci"]
        assert {f"/{path}" for path in artifacts} <= set(entry["gitignore"])
