"""The steps of CONTRIBUTING, followed to the letter, give components that pass their contracts."""

import re
from pathlib import Path

import pytest
from environments import cache, inside
from rendering import ROOT, Answers, copy_template, render, run
from selections import ids, least

FILE = re.compile(r"\*\*\d\. [^`]*`((?:components|template)/[^`]+)`.*?```\w+\n(.*?)```", re.DOTALL)
MODELS = least()["models"]
DATASETS = least()["datasets"]
RECIPES: dict[str, tuple[str, str, int, Answers]] = {
    "a model alone": ("A model", "models/test_neighbors.py", 5, {"models": ["neighbors"]}),
    "a model beside another": (
        "A model",
        "models/test_neighbors.py",
        5,
        {"models": [*MODELS, "neighbors"], "tasks": ids("tasks")},
    ),
    "a dataset": (
        "A dataset that is not a file",
        "datasets/test_keyvalue.py",
        4,
        {"datasets": [*DATASETS, "keyvalue"]},
    ),
}


@pytest.mark.whole
@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_adds_a_component_without_touching_a_file(
    name: str, python: Path, tmp_path: Path
) -> None:
    heading, test, count, answers = RECIPES[name]
    template = copy_template(tmp_path / "overture")
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    written = FILE.findall(text.partition(f"\n### {heading}\n")[2].partition("\n### ")[0])
    assert len(written) == count
    for path, content in written:
        assert not (template / path).exists()
        (template / path).write_text(content, encoding="utf-8")
    project = render(template, {**least(), **answers}, tmp_path / "project")
    env = inside(python, project)
    run("ruff", "check", "--no-cache", cwd=project, env=env)
    run("ruff", "format", "--check", "--no-cache", cwd=project, env=env)
    run("mypy", "--cache-dir", cache(python), cwd=project, env=env)
    assert " passed" in run(python, "-m", "pytest", "-q", f"tests/{test}", cwd=project, env=env)
