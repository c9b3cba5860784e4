"""The template's public URL, in every spelling, is read from the local history."""

from pathlib import Path

import pytest
import yaml
from rendering import ROOT, run

from overture.errors import SourceError
from overture.template import source
from overture.template.interview import Interview
from overture.template.rendering import render
from overture.template.source import CANONICAL, opened, reopened

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
    with reopened(spelling, head) as found:
        assert found.commit == head


@pytest.mark.parametrize("spelling", [f"{CANONICAL}.git", f"gh:{PATH}", f"git+{CANONICAL}"])
def test_is_recorded_as_given(spelling: str, head: str, tmp_path: Path) -> None:
    with reopened(spelling, head) as found:
        render(found, Interview.load(found.root).resolve({}).answers, tmp_path / "project")
    recorded = yaml.safe_load((tmp_path / "project/.copier-answers.yml").read_text())
    assert recorded["_src_path"] == spelling


def test_a_checkout_is_recorded_by_the_url_that_it_was_cloned_from(
    head: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "https://example.org/team/overture"
    run("git", "clone", "--quiet", ROOT, tmp_path / "mine", cwd=tmp_path)
    run("git", "remote", "set-url", "origin", f"https://me:secret@{url[8:]}", cwd=tmp_path / "mine")
    monkeypatch.setattr(source, "CHECKOUT", tmp_path / "mine")
    with opened() as own:
        assert (own.url, own.commit) == (f"git+{url}", head)
    with opened(ref=head) as named, reopened(url, head) as again:
        assert named.url == own.url
        assert again.commit == head
    (tmp_path / "mine/copier.yml").write_text("x: 1\n")
    with opened() as changed:
        assert changed.url == str(tmp_path / "mine")


@pytest.mark.parametrize("spelling", OTHERS)
def test_is_distinguished_from_other_urls(spelling: str, head: str) -> None:
    with pytest.raises(SourceError, match="cannot be read"), reopened(spelling, head):
        pass
