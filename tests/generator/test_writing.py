"""A new project is written completely, into an empty or new folder, or not at all."""

import os
from pathlib import Path

import pytest
from rendering import run

from overture.errors import TargetError
from overture.project.writing import check_target, place, staged

pytestmark = pytest.mark.generic


def made(target: Path) -> Path:
    with staged(target) as folder:
        folder.mkdir()
        (folder / "file").write_text("x")
        place(folder, target)
    return target


class TestTargets:
    @pytest.mark.parametrize("name", ["new", "a/b/new", "with space", "naïve"])
    def test_that_do_not_exist_are_made(self, tmp_path: Path, name: str) -> None:
        assert (made(check_target(tmp_path / name)) / "file").exists()

    def test_that_are_empty_are_used(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir(mode=0o700)
        assert (made(check_target(tmp_path / "empty")) / "file").exists()
        assert (tmp_path / "empty").stat().st_mode & 0o777 == 0o700

    def test_are_made_absolute(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert check_target(Path("x")) == tmp_path / "x"

    def test_that_are_not_empty_are_rejected(self, tmp_path: Path) -> None:
        (tmp_path / "x").touch()
        with pytest.raises(TargetError, match="not empty"):
            check_target(tmp_path)

    def test_that_are_a_repository_without_files_keep_it(self, tmp_path: Path) -> None:
        run("git", "init", "--quiet", cwd=tmp_path)
        run("git", "config", "remote.origin.url", "https://example.com/mine.git", cwd=tmp_path)
        made(check_target(tmp_path))
        assert (tmp_path / "file").exists()
        assert "mine.git" in (tmp_path / ".git/config").read_text()

    def test_that_are_a_repository_without_its_files_are_rejected(self, tmp_path: Path) -> None:
        run("git", "init", "--quiet", cwd=tmp_path)
        (tmp_path / "x").touch()
        run("git", "add", "x", cwd=tmp_path)
        (tmp_path / "x").unlink()
        with pytest.raises(TargetError, match="files are not checked out"):
            check_target(tmp_path)

    def test_that_are_a_file_are_rejected(self, tmp_path: Path) -> None:
        (tmp_path / "x").touch()
        with pytest.raises(TargetError, match="is a file"):
            check_target(tmp_path / "x")

    def test_inside_a_file_are_rejected(self, tmp_path: Path) -> None:
        (tmp_path / "x").touch()
        with pytest.raises(TargetError, match="below a file"):
            check_target(tmp_path / "x/y/z")

    @pytest.mark.skipif(os.geteuid() == 0, reason="the superuser writes anywhere")
    def test_in_a_read_only_folder_are_rejected(self, tmp_path: Path) -> None:
        (tmp_path / "locked").mkdir(mode=0o500)
        with pytest.raises(TargetError, match="cannot be written to"):
            check_target(tmp_path / "locked/x")

    @pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
    def test_with_invalid_names_are_rejected(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(TargetError, match="cannot be"):
            made(check_target(tmp_path / name))

    def test_that_were_filled_in_the_meantime_are_kept(self, tmp_path: Path) -> None:
        target = check_target(tmp_path / "x")
        with staged(target) as folder:
            folder.mkdir()
            target.mkdir()
            (target / "theirs").touch()
            with pytest.raises(TargetError, match="cannot be written"):
                place(folder, target)
        assert [path.name for path in tmp_path.rglob("*")] == ["x", "theirs"]


class TestStages:
    def test_are_removed_after_an_error(self, tmp_path: Path) -> None:
        def fail(folder: Path) -> None:
            folder.mkdir()
            raise RuntimeError

        with pytest.raises(RuntimeError), staged(tmp_path / "x") as folder:
            fail(folder)
        assert not list(tmp_path.iterdir())

    def test_of_killed_processes_are_removed_by_the_next(self, tmp_path: Path) -> None:
        (tmp_path / ".overture-new-dead/project").mkdir(parents=True)
        made(tmp_path / "x")
        assert [path.name for path in tmp_path.iterdir()] == ["x"]

    def test_of_running_processes_are_kept(self, tmp_path: Path) -> None:
        with staged(tmp_path / "x") as folder:
            folder.mkdir()
            made(tmp_path / "y")
            assert folder.exists()
