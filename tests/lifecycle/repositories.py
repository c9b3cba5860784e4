"""The template as a repository, with versions that a test makes."""

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
        """Append a line to a file that every project has."""
        with (self.path / "template/AGENTS.md.jinja").open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")


def repository(folder: Path, *, whole: bool = False) -> Repository:
    """Make a repository of the working tree, without a commit.

    Args:
        folder: Where it will be.
        whole: Whether it holds the command too, from which a wheel can be built.
    """
    copy_template(folder)
    for name in DEVELOPMENT if whole else ():
        run("cp", "-R", ROOT / name, folder / name, cwd=folder)
    made = Repository(folder)
    made.git("init", "--quiet")
    return made
