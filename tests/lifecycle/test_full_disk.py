"""On a full disk, a change is written completely or not at all, and the message is one line."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from lifecycle.held import Held
from rendering import files

pytestmark = pytest.mark.generic

CHANGE = ("update", "--yes", "--discard-edited")


class Disk:
    """A disk that is full after a number of writes and of renames."""

    def __init__(self, patch: pytest.MonkeyPatch, project: Path, writes: int, renames: int) -> None:
        self.project, self.left = project, {"write_bytes": writes, "replace": renames}
        for name in self.left:
            patch.setattr(Path, name, self.limited(name, getattr(Path, name)))

    def limited(self, name: str, do: Any) -> Any:
        def limited(path: Path, *words: Any) -> Any:
            if not path.is_relative_to(self.project):
                return do(path, *words)
            self.left[name] -= 1
            if self.left[name] == 0 and name == "replace":
                self.left["write_bytes"] = 0  # from now on, nothing can be written
            if self.left[name] < 0 or (self.left[name] == 0 and name == "replace"):
                self.left["replace"] = 1000  # but files can be renamed
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            return do(path, *words)

        return limited


@pytest.mark.parametrize(("writes", "renames"), [(0, 99), (5, 99), (14, 99), (99, 12), (99, 20)])
def test_nothing_is_changed(
    held: Held, monkeypatch: pytest.MonkeyPatch, writes: int, renames: int
) -> None:
    before = files(held.root)
    with monkeypatch.context() as patch:
        disk = Disk(patch, held.root, writes, renames)
        done = held.overture(*CHANGE)
        assert disk.left["replace"] > 99, "the disk was never full"
    assert done.code == 2
    assert "cannot be written: No space left on device" in done.err
    assert files(held.root) == before
    assert not held.status()
    assert held.overture(*CHANGE).code == 0
