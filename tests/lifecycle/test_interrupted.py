"""A process that is stopped at any moment leaves a complete project or none."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lifecycle.held import DATA
from lifecycle.repositories import Repository

pytestmark = pytest.mark.generic

CHANCE = random.Random(0)


@pytest.fixture(scope="module")
def template(versions: Repository) -> Path:
    return versions.path


def command(template: Path, name: str = "demo") -> list[str]:
    data = [f"--data={key}={value}" for key, value in DATA.items()]
    words = [name, "--yes", "--no-lock", "--template", str(template), *data]
    return [sys.executable, "-m", "overture", "new", *words]


@pytest.fixture(scope="module")
def lasting(template: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """The duration of an uninterrupted run."""
    began = time.perf_counter()
    folder = tmp_path_factory.mktemp("whole")
    subprocess.run(command(template), cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - began


@pytest.mark.parametrize("moment", sorted(CHANCE.uniform(0.2, 1.0) for _ in range(2)))
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_leaves_a_complete_project_or_none(
    template: Path, tmp_path: Path, lasting: float, number: signal.Signals, moment: float
) -> None:
    process = subprocess.Popen(
        command(template), cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(lasting * moment)
    process.send_signal(number)
    process.wait(timeout=30)
    visible = [
        path.name for path in tmp_path.iterdir() if not path.name.startswith(".overture-new-")
    ]
    assert visible in ([], ["demo"])
    if visible:
        assert (tmp_path / "demo/.git/HEAD").exists()
        assert (tmp_path / "demo/pyproject.toml").exists()
    elif number != signal.SIGKILL:
        assert not list(tmp_path.iterdir())
    # Hidden leftovers, also of a process that was killed at its very end, are removed by the next.
    following = "other" if visible else "demo"
    subprocess.run(command(template, following), cwd=tmp_path, check=True, capture_output=True)
    assert {path.name for path in tmp_path.iterdir()} == {*visible, following}


def test_overwrites_nothing(template: Path, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/mine").write_text("mine")
    done = subprocess.run(
        command(template), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "is not empty" in done.stderr
    assert [path.name for path in tmp_path.rglob("*")] == ["demo", "mine"]
