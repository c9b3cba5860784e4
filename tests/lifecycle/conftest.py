import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from lifecycle.held import DATA, Held
from lifecycle.repositories import Repository
from lifecycle.small import small

from overture.cli import main


@pytest.fixture(scope="session")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The small template with its three versions."""
    return small(tmp_path_factory.mktemp("small") / "template")


@pytest.fixture(scope="session")
def pristine(
    versions: Repository, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """A function that returns an unchanged project of a version."""
    made: dict[str, Path] = {}

    def at(version: str) -> Path:
        if version not in made:
            folder = tmp_path_factory.mktemp("pristine") / "small"
            data = [word for key, value in DATA.items() for word in ("-d", f"{key}={value}")]
            words = ["--yes", "--template", str(versions.path), "--ref", version, *data]
            assert main(["new", str(folder), "--no-lock", *words]) == 0
            made[version] = folder
        return made[version]

    return at


@pytest.fixture
def held(
    pristine: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Held:
    """A project of version 0.1.0."""
    shutil.copytree(pristine("0.1.0"), tmp_path / "small")
    return Held(tmp_path / "small", capsys)
