"""Changes on both sides are merged in the same way, whatever the user's git settings."""

import os
import shutil
from pathlib import Path

import pytest

from overture.files import File
from overture.project.merging import Stages, merged

pytestmark = pytest.mark.generic

BASE = "".join(f"line {number}\n" for number in range(1, 31))
MINE = BASE.replace("line 3\n", "mine, with blanks after it  \n\t \n")
THEIRS = BASE.replace("line 28\n", "theirs\n")
BOTH = MINE.replace("line 28\n", "theirs\n")

SETTINGS = {
    "nothing": "",
    "whitespace error": "[apply]\nwhitespace = error\n",
    "whitespace error-all": "[apply]\nwhitespace = error-all\n",
    "whitespace fix": "[apply]\nwhitespace = fix\n",
    "autocrlf": "[core]\nautocrlf = true\n",
    "autocrlf input": "[core]\nautocrlf = input\nsafecrlf = true\n",
    "eol": "[core]\neol = crlf\nattributesFile = {folder}/attributes\n",
    "no prefix": "[diff]\nnoprefix = true\n",
    "another style": "[merge]\nconflictStyle = diff3\n",
    "another algorithm": "[diff]\nexternal = false\nalgorithm = patience\n",
    "a template of repositories": "[init]\ntemplateDir = {folder}/template\n",
}


@pytest.fixture(params=SETTINGS)
def _set(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Configure git as a user may have."""
    (tmp_path / "gitconfig").write_text(SETTINGS[request.param].format(folder=tmp_path))
    (tmp_path / "attributes").write_text("* text=auto -diff whitespace=trailing-space\n")
    (tmp_path / "template/info").mkdir(parents=True)
    (tmp_path / "template/info/attributes").write_text("* text eol=crlf\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))


def stages(ours: str, theirs: str = THEIRS, base: str = BASE) -> Stages:
    return Stages(*(File(text.encode()) for text in (base, ours, theirs)))


@pytest.mark.usefixtures("_set")
class TestEverySetting:
    def test_both_sides_are_merged(self) -> None:
        result = merged({"a.py": stages(MINE), "b/c.md": stages(MINE)})
        assert {path: file.text for path, file in result.files.items()} == {
            "a.py": BOTH,
            "b/c.md": BOTH,
        }
        assert not result.conflicts

    def test_line_endings_are_preserved(self) -> None:
        mine, theirs, base, both = (
            text.replace("\n", "\r\n") for text in (MINE, THEIRS, BASE, BOTH)
        )
        result = merged({"a.txt": stages(mine, theirs, base), "b.txt": stages(MINE)})
        assert result.files["a.txt"].content == both.encode()
        assert result.files["b.txt"].content == BOTH.encode()

    def test_a_conflict_has_the_same_markers(self) -> None:
        theirs = BASE.replace("line 3\n", "theirs\n")
        result = merged({"a.py": stages(MINE, theirs), "b.py": stages(MINE)})
        assert list(result.conflicts) == ["a.py"]
        assert result.files["b.py"].text == BOTH
        assert (
            result.files["a.py"].text.replace(
                "<<<<<<< before updating\nmine, with blanks after it  \n\t \n"
                "=======\ntheirs\n>>>>>>> after updating\n",
                "line 3\n",
            )
            == BASE
        )


def test_git_environment_variables_have_no_effect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "apply.whitespace")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "error")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.autocrlf'='true'")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    assert merged({"a.py": stages(MINE)}).files["a.py"].text == BOTH


def test_merged_gitattributes_have_no_effect() -> None:
    attributes = "* -diff\n*.py text eol=crlf\n"
    sides = {
        ".gitattributes": stages(attributes + MINE, attributes + THEIRS, attributes + BASE),
        "a.py": stages(MINE),
    }
    result = merged(sides)
    assert result.files[".gitattributes"].text == attributes + BOTH
    assert result.files["a.py"].text == BOTH


def test_a_patch_that_git_rejects_loses_no_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing = tmp_path / "git"
    real = shutil.which("git")
    refusing.write_text(f'#!/bin/sh\n[ "$5" = apply ] && exit 128\nexec {real} "$@"\n')
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    theirs = BASE.replace("line 3\n", "theirs\n")
    result = merged({"a.py": stages(MINE), "b.py": stages(MINE, theirs)})
    assert result.files["a.py"].text == BOTH
    assert list(result.conflicts) == ["b.py"]
