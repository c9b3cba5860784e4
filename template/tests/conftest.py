import os
from pathlib import Path

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")  # small data is faster on one thread
pytest.register_assert_rewrite("contracts")

from examples import link_inputs  # noqa: E402  (after the registration of assertion rewriting)


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary working directory with the project's configurations and data."""
    monkeypatch.chdir(link_inputs(tmp_path))
    return tmp_path
