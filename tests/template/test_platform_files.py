"""What only a platform would read is checked by that platform's own rules, offline."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rendering import ROOT, Answers, run
from selections import everything

Project = Callable[[Answers], Path]

WORKFLOWS = sorted(path.relative_to(ROOT) for path in (ROOT / ".github/workflows").iterdir())


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_the_workflows_of_this_repository_are_valid_and_safe(workflow: Path) -> None:
    check_workflow(workflow, ROOT)


def test_the_bot_of_this_repository_is_configured_validly() -> None:
    schema = ("--builtin-schema", "vendor.dependabot")
    run("check-jsonschema", *schema, ".github/dependabot.yml", cwd=ROOT)


def test_the_workflow_is_valid_and_safe(project: Project) -> None:
    check_workflow(Path(".github/workflows/checks.yml"), project(everything()))


def check_workflow(workflow: Path, folder: Path) -> None:
    """Hold a workflow against its schema, and against what makes workflows unsafe."""
    run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", workflow, cwd=folder)
    run("zizmor", "--offline", "--persona=pedantic", workflow, cwd=folder)


def test_the_dockerfile_follows_good_practice(project: Project) -> None:
    run("hadolint", "Dockerfile", cwd=project(everything()))
