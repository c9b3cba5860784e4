"""The template as a git repository, in which tests create versions."""

from dataclasses import dataclass
from pathlib import Path

from rendering import ROOT, copy_template, run

DEVELOPMENT = ("generator", "pyproject.toml", "constraints.txt", "LICENSE", "README.md")


@dataclass(frozen=True)
class Repository:
    """A git repository of the template."""

    path: Path

    def git(self, *words: str | Path) -> str:
        """Run git in the repository."""
        return run("git", *words, cwd=self.path).strip()

    def release(self, version: str) -> None:
        """Commit everything and tag it."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", version)
        self.git("tag", version)

    def grow(self, line: str) -> None:
        """Append a line to a file of every project."""
        with (self.path / "template/AGENTS.md.jinja").open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")


def repository(folder: Path, *, whole: bool = False) -> Repository:
    """Create a repository from the working tree, without a commit.

    Args:
        folder: The folder of the repository.
        whole: Whether it includes the generator, so that a wheel can be built from it.
    """
    copy_template(folder)
    for name in DEVELOPMENT if whole else ():
        run("cp", "-R", ROOT / name, folder / name, cwd=folder)
    made = Repository(folder)
    made.git("init", "--quiet")
    return made
