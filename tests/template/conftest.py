from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from rendering import Answers, render


@pytest.fixture(scope="session")
def project(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Answers], Path]:
    """A function that renders a project, once for the same answers."""
    rendered: dict[str, Path] = {}

    def once(answers: Answers) -> Path:
        key = yaml.safe_dump(dict(answers))
        if key not in rendered:
            folder = tmp_path_factory.mktemp("project") / "project"
            rendered[key] = render(template, answers, folder)
        return rendered[key]

    return once
