from pathlib import Path

import pytest
from rendering import copy_template


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working tree's template, in a folder that is no repository."""
    return copy_template(tmp_path_factory.mktemp("template") / "overture")
