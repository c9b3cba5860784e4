"""Templates and repositories from elsewhere run no program, and read nothing of the machine."""

from pathlib import Path

import pytest
from lifecycle.held import DATA, Held
from lifecycle.repositories import Repository
from rendering import run

from overture.cli import main
from overture.errors import InterviewError
from overture.template import limits
from overture.template.interview import Interview

pytestmark = pytest.mark.generic

LOOP = "{% for _ in range(99999) %}{% for _ in range(99999) %}{% endfor %}{% endfor %}"
ARGUMENTS = ["--yes", "--no-lock", *(f"--data={key}={value}" for key, value in DATA.items())]


@pytest.fixture
def template(versions: Repository, tmp_path: Path) -> Repository:
    """A copy of the small template, which a test changes."""
    copy = Repository(tmp_path / "template")
    run("git", "clone", "--quiet", versions.path, copy.path, cwd=tmp_path)
    return copy


def program(path: Path) -> Path:
    """Write a program that leaves a file named `ran` beside itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\ntouch '{path.parent / 'ran'}'\n")
    path.chmod(0o755)
    return path


class TestTemplates:
    @pytest.mark.parametrize(
        "name", [".git/hooks/x", ".GIT/x", "a/.git. ./x", "git~1", ".g\u200cit/x", ".git::$INDEX/x"]
    )
    def test_render_nothing_that_git_could_run(
        self, template: Repository, capsys: pytest.CaptureFixture[str], name: str
    ) -> None:
        hidden = [f"{{{{ '{part}' }}}}" for part in name.split("/")]
        path = template.path.joinpath("template", *hidden)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x\n")
        template.release("9.0")
        target = template.path.with_name("made")
        assert main(["new", str(target), "--template", str(template.path), *ARGUMENTS]) == 2
        assert "which git could take for its own folder" in capsys.readouterr().err
        assert not target.exists()

    def test_render_no_links(self, template: Repository, held: Held) -> None:
        (template.path / "template/link").symlink_to("README.md.jinja")
        with (template.path / "copier.yml").open("a") as file:
            file.write("_preserve_symlinks: true\n")
        template.release("9.0")
        text = held.read(".copier-answers.yml")
        (source,) = [line for line in text.splitlines() if line.startswith("_src_path")]
        held.edit(".copier-answers.yml", source, f"_src_path: {template.path}")
        done = held.overture("update", "--yes", "--accept-answers")
        assert "renders a symbolic link, link" in done.err
        assert done.code == 2

    @pytest.mark.parametrize(
        "text", ["{{ '$HOME' | expandvars }}", "{{ '~' | expanduser }}", "{{ '/*' | fileglob }}"]
    )
    def test_read_nothing_of_the_machine(
        self, template: Repository, capsys: pytest.CaptureFixture[str], text: str
    ) -> None:
        (template.path / "template/machine.jinja").write_text(text)
        template.release("9.0")
        target = template.path.with_name("made")
        assert main(["new", str(target), "--template", str(template.path), *ARGUMENTS]) == 2
        assert "No filter named" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            (LOOP, "it takes more than 1 seconds"),
            ("{{ 'x' * 99999999999 }}", "needs more than 4 GiB of memory"),
        ],
    )
    def test_are_rendered_within_limits(
        self,
        template: Repository,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        text: str,
        reason: str,
    ) -> None:
        monkeypatch.setattr(limits, "SECONDS", 1)
        (template.path / "template/endless.jinja").write_text(text)
        template.release("9.0")
        target = template.path.with_name("made")
        assert main(["new", str(target), "--template", str(template.path), *ARGUMENTS]) == 2
        assert reason in capsys.readouterr().err
        assert not target.exists()

    def test_fetch_no_submodules(self, template: Repository) -> None:
        module = '[submodule "x"]\npath = x\nurl = http://127.0.0.1:9/x\n'
        (template.path / ".gitmodules").write_text(module)
        head = template.git("rev-parse", "HEAD")
        template.git("update-index", "--add", "--cacheinfo", f"160000,{head},x")
        template.git("add", ".gitmodules")
        template.git("commit", "--quiet", "-m", "x")
        template.git("tag", "9.0")
        target = template.path.with_name("made")
        assert main(["new", str(target), "--template", str(template.path), *ARGUMENTS]) == 0

    def test_include_nothing_from_elsewhere(self, tmp_path: Path) -> None:
        (tmp_path / "copier.yml").write_text("x: !include /etc/*.conf\n")
        with pytest.raises(InterviewError, match=r"!include /etc/.* leaves the template"):
            Interview.load(tmp_path)

    @pytest.mark.parametrize(
        "address",
        ["https://me:hush@example.org/t.git", f"git+https://{'hush' * 9}@example.org/t"],
    )
    def test_have_no_secret_in_their_address(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str
    ) -> None:
        assert main(["new", str(tmp_path / "p"), "--template", address, *ARGUMENTS]) == 2
        printed = capsys.readouterr().err
        assert "credential helper" in printed
        assert "hush" not in printed


class TestRepositories:
    def test_hooks_of_a_new_project_do_not_run(
        self, versions: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hook = program(tmp_path / "template/hooks/pre-commit")
        (tmp_path / "gitconfig").write_text(
            f"[user]\nname = Ada\nemail = a@b.c\n[init]\ntemplateDir = {tmp_path / 'template'}\n"
            f"[core]\nhooksPath = {hook.parent}\n"
        )
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
        words = ["new", str(tmp_path / "p"), "--template", str(versions.path), *ARGUMENTS]
        assert main(words) == 0
        assert run("git", "log", "--format=%s", cwd=tmp_path / "p").strip() == "Start from Overture"
        assert not (hook.parent / "ran").exists()
        assert not (tmp_path / "p/.git/hooks").exists()

    @pytest.mark.parametrize(
        "words", [["check"], ["diff"], ["update", "--dry-run"], ["add", "csv", "--yes"]]
    )
    def test_no_program_of_a_project_runs(
        self, held: Held, tmp_path: Path, words: list[str]
    ) -> None:
        monitor = program(tmp_path / "monitor/program")
        hook = program(held.root / ".git/hooks/post-index-change")
        run("git", "config", "core.fsmonitor", monitor, cwd=held.root)
        assert held.overture(*words).code == 0
        assert not (monitor.parent / "ran").exists()
        assert not (hook.parent / "ran").exists()
