"""CONTRIBUTING, followed to the letter, gives a component that passes its contract."""

import re
from pathlib import Path

import pytest

from environments import cache, inside
from rendering import ROOT, copy_template, render, run
from selections import ids, least

FILE = re.compile(
    r"\*\*\d\. [^`]*`((?:components|template)/[^`]+)`.*?```\w+\n(.*?)```", re.DOTALL
)


@pytest.mark.whole
def test_following_it_adds_a_component_without_touching_a_file(
    python: Path, tmp_path: Path
) -> None:
    template = copy_template(tmp_path / "overture")
    written = FILE.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert len(written) == 5
    for name, content in written:
        path = template / name
        assert not path.exists()
        path.write_text(content, encoding="utf-8")
    alone = least() | {"models": ["neighbors"]}
    beside = least() | {"models": [*least()["models"], "neighbors"], "tasks": ids("tasks")}
    for name, answers in {"alone": alone, "beside": beside}.items():
        project = render(template, answers, tmp_path / name)
        env = inside(python, project)
        run("ruff", "check", "--no-cache", cwd=project, env=env)
        run("ruff", "format", "--check", "--no-cache", cwd=project, env=env)
        run("mypy", "--cache-dir", cache(python), cwd=project, env=env)
        words = ("-m", "pytest", "-q", "tests/models/test_neighbors.py")
        assert " passed" in run(python, *words, cwd=project, env=env)
