"""Changes work with all git settings and hooks, and with links in the project."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from lifecycle.held import DATA, TREES, Done, Held
from lifecycle.repositories import Repository
from rendering import files, run

from overture.cli import main

pytestmark = pytest.mark.generic


def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: str) -> None:
    """Configure git with further settings."""
    config = tmp_path / "gitconfig"
    config.write_text(f"[user]\nname = Ada\nemail = ada@example.org\n{settings}")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))


def hook(folder: Path, name: str, script: str) -> None:
    """Write a git hook."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def started(versions: Repository, folder: Path) -> None:
    """Start a project of version 0.1.0."""
    data = [word for key, value in DATA.items() for word in ("-d", f"{key}={value}")]
    words = ["--yes", "--template", str(versions.path), "--ref", "0.1.0", *data]
    assert main(["new", str(folder), "--no-lock", *words]) == 0


class TestHooks:
    def test_check_in_a_hook_keeps_staged_changes(
        self, held: Held, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shutil.rmtree(held.root / ".git/overture")  # as in a fresh clone
        (held.root / "README.md").write_text("staged\n")
        run("git", "add", "README.md", cwd=held.root)
        before = held.status(), run("git", "ls-files", "--stage", cwd=held.root)
        with monkeypatch.context() as patch:
            patch.setenv("GIT_DIR", str(held.root / ".git"))
            patch.setenv("GIT_INDEX_FILE", str(held.root / ".git/index"))
            patch.setenv("GIT_PREFIX", "")
            assert held.overture("check").code == 0
        assert (held.status(), run("git", "ls-files", "--stage", cwd=held.root)) == before

    @pytest.mark.parametrize("setting", ["core.hooksPath", "safe.bareRepository"])
    def test_none_prevents_reading_the_template(
        self, held: Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str
    ) -> None:
        hook(tmp_path / "hooks", "post-checkout", "exit 1")
        value = {"core.hooksPath": tmp_path / "hooks", "safe.bareRepository": "explicit"}[setting]
        section, _, key = setting.partition(".")
        configured(monkeypatch, tmp_path, f"[{section}]\n{key} = {value}\n")
        assert held.overture("check").code == 0
        assert held.overture("update", "--yes").code == 0


class TestLinks:
    @pytest.mark.parametrize("words", [["update", "--yes"], ["remove", "trees", "--yes"]])
    @pytest.mark.parametrize("linked", [TREES, "src/small/models", "README.md"])
    def test_are_neither_followed_nor_replaced(
        self, held: Held, tmp_path: Path, linked: str, words: list[str]
    ) -> None:
        elsewhere = tmp_path / "elsewhere"
        (held.root / linked).rename(elsewhere)
        (held.root / linked).symlink_to(elsewhere)
        held.commit()
        before = files(tmp_path / "elsewhere") if elsewhere.is_dir() else elsewhere.read_bytes()
        refused = held.overture(*words)
        assert refused.code == 2
        assert f"{linked} is a symbolic link" in refused.err
        assert not held.status()
        now = files(tmp_path / "elsewhere") if elsewhere.is_dir() else elsewhere.read_bytes()
        assert now == before

    def test_that_are_broken_are_not_overwritten(self, held: Held) -> None:
        (held.root / "handbook.md").symlink_to("nowhere")
        held.commit()
        refused = held.overture("add", "docs", "--yes")
        assert refused.code == 2
        assert "handbook.md is a symbolic link" in refused.err
        assert (held.root / "handbook.md").is_symlink()

    def test_that_are_circular_are_reported_in_one_line(self, held: Held) -> None:
        (held.root / "README.md").unlink()
        (held.root / "README.md").symlink_to("README.md")
        held.commit()
        assert held.overture("check").code == 0
        assert "unexpected" not in held.overture("update", "--yes").err


def test_files_outside_a_sparse_checkout_are_not_deleted(held: Held) -> None:
    held.commit()  # git keeps a copied file until its index is refreshed
    run("git", "sparse-checkout", "set", "--no-cone", "/*", "!/src/small/models/", cwd=held.root)
    assert not (held.root / TREES).exists()
    refused = held.overture("update", "--yes")
    assert refused.code == 2
    assert TREES in refused.err
    assert "git sparse-checkout disable" in refused.err
    run("git", "sparse-checkout", "disable", cwd=held.root)
    assert held.overture("update", "--yes").code == 0


class TestComparedAsGitDoes:
    def test_if_every_file_is_executable(self, held: Held) -> None:
        run("git", "config", "core.fileMode", "false", cwd=held.root)
        for path in files(held.root):
            (held.root / path).chmod(0o755)
        assert not held.status()
        assert kinds(held) == {"behind"}
        assert not held.overture("diff", "--own", "--json").json["own"]
        assert held.overture("remove", "trees", "--yes").code == 0
        held.commit()
        done = held.overture("update", "--yes", "--json")
        assert not done.json["notes"]
        held.commit()
        assert kinds(held) == set()

    def test_with_other_line_endings(self, held: Held, pristine: Callable[[str], Path]) -> None:
        ended(held, "crlf")
        assert kinds(held) == {"behind"}
        updated = held.overture("update", "--yes")
        assert updated.code == 0, updated.err
        held.commit()
        assert kinds(held) == set()
        text = (held.root / "README.md").read_bytes()
        assert text.count(b"\r\n") == text.count(b"\n")
        ended(held, "lf")
        assert files(held.root) == files(pristine("0.3.0"))

    def test_edits_are_merged_with_other_line_endings(self, held: Held) -> None:
        held.edit("README.md", "Read this first.", "Read this first, please.")
        text = (held.root / "README.md").read_bytes()
        (held.root / "README.md").write_bytes(text.replace(b"\n", b"\r\n"))
        held.commit()
        updated = held.overture("add", "csv", "--yes")
        assert updated.code == 0, updated.out + updated.err
        text = (held.root / "README.md").read_bytes()
        assert b"first, please.\r\n" in text
        assert text.count(b"\r\n") == text.count(b"\n")


def ended(held: Held, ends: str) -> None:
    """Check everything out with other line endings."""
    (held.root / ".git/info").mkdir(exist_ok=True)
    (held.root / ".git/info/attributes").write_text(f"* text=auto eol={ends}\n")
    run("git", "rm", "--quiet", "--cached", "-r", ".", cwd=held.root)
    run("git", "reset", "--quiet", "--hard", cwd=held.root)
    assert not held.status()


def kinds(held: Held) -> set[str]:
    """Return the kinds of the findings of `check`."""
    done: Done = held.overture("check", "--json")
    return {item["kind"] for item in done.json["findings"]}
