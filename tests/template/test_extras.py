"""Files of extras agree with the chosen components, and pass their tools' validators, offline."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from platforms import audit, validate
from rendering import Answers, files
from selections import absent, alone, catalogue, everything, ids, least, selected, together

Project = Callable[[Answers], Path]

BY_ID = {entry["id"]: entry for entry in catalogue()}
DEVCONTAINER = ".devcontainer/devcontainer.json"


def both(*ids: str) -> dict[str, Any]:
    """Return the smallest selection with some components."""
    return least() | together(*(BY_ID[id_] for id_ in ids))


def stated(answers: Answers, key: str) -> set[str]:
    """Return what the chosen components state by a key."""
    return {value for entry in selected(answers) for value in entry.get(key, [])}


def read(project: Path, path: str) -> Any:
    """Return the content of a file of YAML or of strict JSON."""
    text = (project / path).read_text(encoding="utf-8")
    return json.loads(text) if path.endswith(".json") else yaml.safe_load(text)


@pytest.mark.parametrize("answers", [alone()["dependabot"], everything()], ids=["alone", "all"])
def test_dependabot_updates_what_the_chosen_components_depend_on(
    project: Project, answers: Answers
) -> None:
    path = ".github/dependabot.yml"
    validate("dependabot", path, project=project(answers))
    audit(path, project=project(answers))
    updates = read(project(answers), path)["updates"]
    ecosystems = [each["package-ecosystem"] for each in updates]
    assert sorted(ecosystems) == sorted({"uv"} | stated(answers, "updates"))


def test_renovate_is_configured_validly(project: Project) -> None:
    validate("renovate", "renovate.json", project=project(absent()["dependabot"]))


def test_forms_for_issues_are_valid(project: Project) -> None:
    folder, forms = project(both("templates", "github")), ".github/ISSUE_TEMPLATE"
    validate("github-issue-forms", f"{forms}/bug.yml", f"{forms}/feature.yml", project=folder)
    validate("github-issue-config", f"{forms}/config.yml", project=folder)


@pytest.mark.parametrize("id_", ids("ci"))
def test_templates_are_those_of_the_platform(project: Project, id_: str) -> None:
    answers = both("templates") | {"ci": id_}
    added = {*files(project(answers))} - {*files(project(answers | {"extras": []}))}
    own = BY_ID["templates"]["with"]
    assert "SECURITY.md" in added
    assert all(any(path.startswith(each) for path in added) for each in own[id_])
    others = [each for other, paths in own.items() if other != id_ for each in paths]
    assert not [path for path in added if path.startswith(tuple(others))]


@pytest.mark.parametrize("id_", ids("ci"))
def test_owners_of_code_are_examples_for_files_that_exist(project: Project, id_: str) -> None:
    folder = project(both("templates") | {"ci": id_})
    for file in folder.glob(".git*/CODEOWNERS"):
        lines = file.read_text(encoding="utf-8").splitlines()
        paths = re.findall(r"^# /(\S+) @", "\n".join(lines), re.MULTILINE)
        assert all(line.startswith("#") or not line for line in lines)
        assert all((folder / path).exists() for path in {*paths} - {"uv.lock"})


@pytest.mark.parametrize("email", ["", "ada@example.org"])
def test_vulnerabilities_are_reported_to_the_author_if_possible(
    project: Project, email: str
) -> None:
    folder = project(alone()["templates"] | {"author_email": email})
    text = (folder / "SECURITY.md").read_text(encoding="utf-8")
    assert ("mailto:ada@example.org" in text) == bool(email)
    assert ("private vulnerability reporting" in text) != bool(email)


def test_vscode_debugs_every_job(project: Project) -> None:
    answers = everything()
    launched = read(project(answers), ".vscode/launch.json")["configurations"]
    paths = [each["args"][1] for each in launched if "args" in each]
    assert paths == [f"confs/jobs/{job}.yaml" for job in answers["jobs"]]
    assert all((project(answers) / path).exists() for path in paths)


def test_vscode_runs_recipes_of_the_justfile(project: Project) -> None:
    folder = project(alone()["vscode"])
    justfile = (folder / "justfile").read_text(encoding="utf-8")
    for task in read(folder, ".vscode/tasks.json")["tasks"]:
        assert task["command"] == f"uv run just {task['label']}"
        assert re.search(rf"^{task['label']}\b.*:", justfile, re.MULTILINE)


def test_vscode_uses_tools_of_the_project(project: Project) -> None:
    """The formatter is recommended, and lines are as long as in `pyproject.toml`."""
    folder = project(alone()["vscode"])
    python = read(folder, ".vscode/settings.json")["[python]"]
    recommended = read(folder, ".vscode/extensions.json")["recommendations"]
    assert python["editor.defaultFormatter"] in recommended
    (length,) = python["editor.rulers"]
    assert f"line-length = {length}\n" in (folder / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("answers", [both("vscode", "devcontainer"), everything()])
def test_a_dev_container_has_the_recommended_extensions(project: Project, answers: Answers) -> None:
    recommended = read(project(answers), ".vscode/extensions.json")["recommendations"]
    container = read(project(answers), DEVCONTAINER)
    assert container["customizations"]["vscode"]["extensions"] == recommended
    assert stated(answers, "extensions") <= {*recommended}
    assert recommended == sorted({*recommended})


def test_a_dev_container_has_what_the_chosen_components_need(project: Project) -> None:
    answers = everything()
    container = read(project(answers), DEVCONTAINER)
    assert {*container["features"]} == stated(answers, "features")
    assert all(
        name in json.dumps(container["onCreateCommand"]) for name in stated(answers, "system")
    )


def test_a_dev_container_has_the_python_and_the_uv_of_the_image(project: Project) -> None:
    answers = both("devcontainer", "container") | {"python_version": "3.12"}
    container = read(project(answers), DEVCONTAINER)
    image = (project(answers) / "Dockerfile").read_text(encoding="utf-8")
    assert "3.12" in container["image"]
    assert "FROM python:3.12" in image
    assert re.findall(r"uv==[\d.]+", image) == re.findall(r"uv==[\d.]+", json.dumps(container))
