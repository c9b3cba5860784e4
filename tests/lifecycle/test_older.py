"""An update never uses a template that is older than the project's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lifecycle.held import ANSWERS, DATA, Held
from lifecycle.repositories import Repository
from lifecycle.small import small
from rendering import files, run

from overture.cli import main
from overture.template.source import CANONICAL

pytestmark = pytest.mark.generic


def made(folder: Path, capture: pytest.CaptureFixture[str], *words: str) -> Held:
    data = [f"--data={key}={value}" for key, value in DATA.items()]
    assert main(["new", str(folder), "--yes", "--no-lock", *words, *data]) == 0
    return Held(folder, capture)


@pytest.fixture
def public(
    versions: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Repository]:
    """The template at its public URL; this package includes its versions up to 0.2.0."""
    public = Repository(tmp_path / "overture.git")
    run("git", "clone", "--quiet", versions.path, public.path, cwd=tmp_path)
    bundle = tmp_path / "template.bundle"
    public.git("branch", "older", "0.2.0")
    public.git("bundle", "create", "--quiet", bundle, "0.1.0", "0.2.0", "older")
    monkeypatch.setattr("overture.template.source.BUNDLE", bundle)
    leading = (f"url.{tmp_path}/.insteadOf", CANONICAL.removesuffix("overture"))
    run("git", "config", "--global", *leading, cwd=tmp_path)
    yield public
    run("git", "config", "--global", "--unset-all", leading[0], cwd=tmp_path)


@pytest.mark.usefixtures("public")
class TestOfThePackage:
    """A project that follows a later version than that of this package."""

    @pytest.fixture
    def later(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Held:
        return made(tmp_path / "small", capsys, "--template", CANONICAL, "--ref", "0.3.0")

    def test_is_no_update(self, later: Held) -> None:
        before = files(later.root)
        update = ("update", "--yes")
        for words in (update, (*update, "--to", "0.1.0"), ("diff",), ("diff", "--incoming")):
            done = later.overture(*words)
            assert done.code == 2
            assert "is older than the version that the project follows, 0.3.0" in done.err
            assert "Upgrade overture" in done.err
        assert files(later.root) == before

    def test_allows_other_changes(self, later: Held) -> None:
        assert later.overture("add", "csv", "--yes").code == 0
        assert "_commit: 0.3.0" in later.read(ANSWERS)

    def test_is_no_update_of_a_commit_after_it(
        self, public: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        public.git("tag", "--delete", "0.3.0")
        later = made(tmp_path / "small", capsys, "--template", CANONICAL, "--ref", "HEAD")
        done = later.overture("update", "--yes")
        assert done.code == 2
        assert "0.2.0 is older than the version that the project follows, 0.2.0-1-g" in done.err

    def test_on_another_branch_is_no_update(
        self, public: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        public.git("checkout", "--quiet", "older")
        public.git("commit", "--quiet", "--allow-empty", "--amend", "-m", "0.2.0 once more")
        public.git("tag", "--force", "0.2.0")
        public.git("bundle", "create", "--quiet", tmp_path / "template.bundle", "0.2.0", "older")
        later = made(tmp_path / "small", capsys, "--template", CANONICAL, "--ref", "0.3.0")
        done = later.overture("update", "--yes")
        assert done.code == 2
        assert "0.2.0 is older than the version that the project follows, 0.3.0" in done.err


def test_is_not_shown_as_incoming(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A project follows a commit after the newest release."""
    template = small(tmp_path / "template")
    template.git("tag", "--delete", "0.3.0")
    ahead = made(tmp_path / "small", capsys, "--template", str(template.path), "--ref", "HEAD")
    shown = ahead.overture("diff")
    assert shown.code == 2
    assert "Your changes\n\nNone." in shown.out
    assert "Changes of an update" not in shown.out
    assert "0.2.0 is older than the version that the project follows" in shown.err
    assert "--to HEAD" in shown.err
    assert ahead.overture("diff", "--own").code == 0
    assert "None." in ahead.overture("diff", "--incoming", "--to", "HEAD").out
