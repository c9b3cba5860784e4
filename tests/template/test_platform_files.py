"""Files for a platform are validated against that platform's rules, offline."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from platforms import audit, validate
from rendering import ROOT, Answers, run
from selections import alone, catalogue, everything, least

Project = Callable[[Answers], Path]

WORKFLOWS = sorted(path.relative_to(ROOT) for path in (ROOT / ".github/workflows").iterdir())


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_the_workflows_of_this_repository_are_valid_and_safe(workflow: Path) -> None:
    validate("github-workflows", workflow, project=ROOT)
    audit(workflow, project=ROOT)


def test_the_bot_of_this_repository_is_configured_validly() -> None:
    validate("dependabot", ".github/dependabot.yml", project=ROOT)


def test_an_image_installs_the_uv_of_this_repository(project: Project) -> None:
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    (pin,) = re.findall(r"^uv==\S+$", constraints, re.MULTILINE)
    content = (project(everything()) / "Dockerfile").read_text(encoding="utf-8")
    assert set(re.findall(r"uv[=><]=[^\s\"]+", content)) == {pin}


def test_the_dockerfile_passes_hadolint(project: Project) -> None:
    run("hadolint", "Dockerfile", cwd=project(everything()))


def test_the_servers_of_compose_are_valid(project: Project) -> None:
    validate("compose-spec", "compose.yaml", project=project(everything()))


def test_compose_has_the_servers_of_the_chosen_components(project: Project) -> None:
    stated = {
        name: each for entry in catalogue() for name, each in entry.get("services", {}).items()
    }
    published = {name for name, each in stated.items() if "port" in each}
    (mlflow,) = (entry for entry in catalogue() if entry["id"] == "mlflow")
    for answers, names in ((everything(), {*stated}), (alone()["compose"], {*mlflow["services"]})):
        content = (project(answers) / "compose.yaml").read_text(encoding="utf-8")
        assert set(yaml.safe_load(content)["services"]) == names
        ports = re.findall(r'"127\.0\.0\.1:(\d+):', content)
        assert len(ports) == len(set(ports)) == len(names & published)


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry["id"])
def test_a_server_takes_only_stated_variables(entry: dict[str, Any]) -> None:
    services = entry.get("services", {})
    assert bool(services) == ("service" in entry.get("provides", []))
    variables = {each["name"] for each in entry.get("environment", [])}
    assert set(re.findall(r"\$\{([A-Z_]+)", json.dumps(services))) <= variables


def test_an_image_has_the_system_packages_of_libraries(project: Project) -> None:
    stated = {name for entry in catalogue() for name in entry.get("system", [])}
    image = (project(everything()) / "Dockerfile").read_text(encoding="utf-8")
    assert stated
    assert all(name in image for name in stated)


def test_environment_variables_are_listed_for_the_user(project: Project) -> None:
    stated = {each["name"] for entry in catalogue() for each in entry.get("environment", [])}
    for path in (".env.example", "README.md"):
        text = (project(everything()) / path).read_text(encoding="utf-8")
        assert not [name for name in stated if name not in text]
    assert not (project(least()) / ".env.example").exists()
