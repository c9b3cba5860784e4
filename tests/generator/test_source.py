"""The template's public URL, in every spelling, is read from the local history."""

from pathlib import Path

import pytest
import yaml
from rendering import ROOT, run

from overture.errors import SourceError
from overture.template.interview import Interview
from overture.template.rendering import render
from overture.template.source import CANONICAL, reopened

PATH = "overture-ml/overture"
SPELLINGS = [
    CANONICAL,
    f"{CANONICAL}.git",
    f"gh:{PATH}",
    f"gh:{PATH}.git",
    f"git+{CANONICAL}",
    f"git+{CANONICAL}.git",
    f"git@github.com:{PATH}.git",
    f"git+ssh://git@github.com/{PATH}",
    "https://github.com/Overture-ML/Overture.git",
]
OTHERS = [f"gl:{PATH}", f"{CANONICAL}-fork", f"https://example.org/{PATH}.git"]

pytestmark = [
    pytest.mark.generic,
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="the checkout is the history"),
]


@pytest.fixture
def head(monkeypatch: pytest.MonkeyPatch) -> str:
    """The checkout's last commit, without network access."""
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    return run("git", "rev-parse", "HEAD", cwd=ROOT).strip()


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_is_read_from_the_local_history(spelling: str, head: str) -> None:
    with reopened(spelling, head) as source:
        assert source.commit == head


@pytest.mark.parametrize("spelling", [f"{CANONICAL}.git", f"gh:{PATH}", f"git+{CANONICAL}"])
def test_is_recorded_as_given(spelling: str, head: str, tmp_path: Path) -> None:
    with reopened(spelling, head) as source:
        render(source, Interview.load(source.root).resolve({}).answers, tmp_path / "project")
    recorded = yaml.safe_load((tmp_path / "project/.copier-answers.yml").read_text())
    assert recorded["_src_path"] == spelling


@pytest.mark.parametrize("spelling", OTHERS)
def test_is_distinguished_from_other_urls(spelling: str, head: str) -> None:
    with pytest.raises(SourceError, match="cannot be read"), reopened(spelling, head):
        pass
