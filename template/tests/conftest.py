import os
from pathlib import Path

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")  # small data is quicker on one thread
pytest.register_assert_rewrite("contracts")

from examples import furnish  # noqa: E402  (after what it imports is registered)


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh folder to run in, with the project's configurations and data."""
    monkeypatch.chdir(furnish(tmp_path))
    return tmp_path
