"""A default project and this repository meet the development guide of Scientific Python."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from rendering import ROOT, Answers

DECISION = ROOT / "docs/decisions/0057-the-scientific-python-guide.md"
CHECK = re.compile(r"[A-Z]{2,3}\d{3}")


def excepted() -> tuple[set[str], set[str]]:
    """Return the checks that the decision excepts: for a project, and for this repository."""
    rows = re.findall(
        r"^\| ([A-Z][^|]*) \| [^|]* \| [^|]* \| ([^|]*) \| [^|]* \|$",
        DECISION.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    project = {name for names, _ in rows for name in CHECK.findall(names)}
    met = {name for names, here in rows if here == "yes" for name in CHECK.findall(names)}
    return project, project - met


def failing(folder: Path) -> set[str]:
    """Return the checks of `sp-repo-review` that fail for a repository."""
    command = ("repo-review", str(folder), "--format", "json")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    checks = json.loads(done.stdout)["checks"]
    assert len(checks) > 40
    return {name for name, check in checks.items() if check["result"] is False}


def test_a_default_project_meets_it_but_for_the_recorded_exceptions(
    project: Callable[[Answers], Path],
) -> None:
    assert failing(project({})) == excepted()[0]


def test_so_does_this_repository() -> None:
    assert failing(ROOT) == excepted()[1]
