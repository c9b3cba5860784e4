"""What only a platform would read is checked by that platform's own rules, offline."""

from collections.abc import Callable
from pathlib import Path

from rendering import Answers, everything, run

Project = Callable[[Answers], Path]


def test_the_workflow_is_valid_and_safe(project: Project) -> None:
    folder = project(everything())
    workflow = ".github/workflows/checks.yml"
    run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", workflow, cwd=folder)
    run("zizmor", "--offline", "--persona=pedantic", workflow, cwd=folder)


def test_the_dockerfile_follows_good_practice(project: Project) -> None:
    run("hadolint", "Dockerfile", cwd=project(everything()))
