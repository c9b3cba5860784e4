import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from environments import locked

from rendering import Answers, render


@pytest.fixture(scope="session")
def project(
    template: Path, tmp_path_factory: pytest.TempPathFactory, testrun_uid: str
) -> Callable[[Answers], Path]:
    """A function that renders a project, once for the same answers in a whole run of the tests."""
    shared = tmp_path_factory.getbasetemp().parent / f"projects-{testrun_uid}"

    def once(answers: Answers) -> Path:
        key = hashlib.sha256(yaml.safe_dump(dict(answers)).encode()).hexdigest()[:16]
        folder = shared / key / "project"
        with locked(shared / key):
            if not folder.exists():
                render(template, answers, folder.with_name("rendered"))
                folder.with_name("rendered").rename(folder)
        return folder

    return once
