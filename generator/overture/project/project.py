"""An existing project: its folder, what it was rendered from, and its git state."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import yaml

from overture.errors import (
    AnswersFileError,
    GitError,
    NoHistoryError,
    ProjectError,
    ProjectNotFoundError,
)
from overture.git import git, lines, output, succeeds

_FINGERPRINT = re.compile(rb"^# Fingerprint: ?(.*)", re.MULTILINE | re.DOTALL)
# Git's conflict of two fingerprints, which follows answers that git merged without one.
_CONFLICT = re.compile(
    rb"^<{7} .*\n(?:(?:# Fingerprint: .*|\|{7}.*|={7}\r?)\n)+>{7} .*(?:\n|\Z)", re.MULTILINE
)
_PATTERN = ".copier-answers*.yml"


@dataclass(frozen=True)
class Recorded:
    """The content of an answers file.

    Attributes:
        template: The address of the template.
        version: The template's version.
        answers: The answers.
        intact: Whether the file was not edited, by the fingerprint in its last line; a file without
            one counts as intact.
        conflicting: Whether git marked its fingerprint as a conflict of two branches.
    """

    template: str
    version: str
    answers: Mapping[str, object]
    intact: bool
    conflicting: bool = False

    @classmethod
    def parse(cls, content: bytes, name: str) -> Self:
        """Read the content of an answers file.

        Raises:
            AnswersFileError: If it is not an answers file.
        """
        remedy = f"Restore it: git log -- {name}"
        merged, conflicts = _CONFLICT.subn(b"", content)
        if re.search(rb"^<{7} ", merged, re.MULTILINE):
            message = f"The answers file {name} has unresolved conflicts."
            raise AnswersFileError(message, "Resolve them, commit, and run the command again.")
        try:
            stated = yaml.safe_load(merged)
        except (ValueError, yaml.YAMLError) as error:
            message = f"The answers file {name} cannot be read: {' '.join(str(error).split())}"
            raise AnswersFileError(message, remedy) from error
        if not isinstance(stated, Mapping) or not all(isinstance(key, str) for key in stated):
            raise AnswersFileError(
                f"The answers file {name} is not a mapping of keys to answers.", remedy
            )
        if not stated.get("_src_path"):
            message = f"The answers file {name} does not name its template (_src_path)."
            raise AnswersFileError(message, remedy)
        if not stated.get("_commit"):
            message = f"The answers file {name} records no version of its template (_commit)."
            raise AnswersFileError(
                message, "A project made from a folder without history cannot be updated."
            )
        answers = {key: value for key, value in stated.items() if not key.startswith("_")}
        return cls(
            template=str(stated["_src_path"]),
            version=str(stated["_commit"]),
            answers=answers,
            intact=not conflicts and intact(content),
            conflicting=bool(conflicts),
        )


def intact(content: bytes) -> bool:
    """Tell whether the fingerprint of an answers file matches its content, if it has one."""
    text = content.replace(b"\r\n", b"\n")
    found = _FINGERPRINT.search(text)
    if found is None:
        return True
    return hashlib.sha256(text[: found.start()]).hexdigest().encode() == found.group(1).strip()


@dataclass(frozen=True)
class Project:
    """A project in a git repository.

    Attributes:
        root: The project's folder.
        answers_file: The path of its answers file, relative to it.
        recorded: The content of the answers file.
    """

    root: Path
    answers_file: str
    recorded: Recorded

    @classmethod
    def find(cls, folder: Path) -> Self:
        """Find the project that a folder is part of.

        Raises:
            ProjectNotFoundError: If the folder is in no project.
            NoHistoryError: If the project has no git history.
            GitError: If git cannot read that history.
        """
        start = folder.expanduser().resolve()
        if not start.is_dir():
            raise ProjectNotFoundError(
                f"{start} is not a folder.", "Name the project: --project DIRECTORY"
            )
        for root in (start, *start.parents):
            if found := _answers_file(root):
                break
        else:
            message = f"{start} is not in a project of Overture: no answers file is in it or above."
            raise ProjectNotFoundError(
                message, "Change into the project, or name it: --project DIRECTORY"
            )
        try:
            git("rev-parse", "--show-toplevel", cwd=root)
        except GitError as error:
            if "not a git repository" not in error.message:
                raise
            message = f"{root} has no git history, which changes need in order to be merged."
            remedy = "Start one: git init && git add --all && git commit --message 'Start'"
            raise NoHistoryError(message, remedy) from error
        return cls(root, found, Recorded.parse((root / found).read_bytes(), found))

    @cached_property
    def state(self) -> Path:
        """The folder in the git directory that holds the journal of changes."""
        inside = git("rev-parse", "--show-prefix", cwd=self.root)
        place = f"{inside}{self.answers_file}".encode("utf-8", "surrogateescape")
        name = hashlib.sha256(place).hexdigest()[:12]
        return Path(git("rev-parse", "--absolute-git-dir", cwd=self.root)) / "overture" / name

    def uncommitted(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the changed paths that git tracks, and those that it neither tracks nor ignores.

        Both are relative to the project.
        """
        words = ("status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", ".")
        prefix = git("rev-parse", "--show-prefix", cwd=self.root)
        found: tuple[list[str], list[str]] = ([], [])
        for entry in lines(*words, cwd=self.root):
            found[entry.startswith("??")].append(entry[3:].removeprefix(prefix))
        return tuple(found[0]), tuple(found[1])

    @property
    def head(self) -> str:
        """The current commit; empty if there is none yet."""
        try:
            return git("rev-parse", "--verify", "--quiet", "HEAD", cwd=self.root)
        except GitError:
            return ""

    def unmerged(self) -> tuple[str, ...]:
        """Return the paths that git records as unmerged."""
        listed = lines("diff", "--name-only", "--diff-filter=U", "--relative", "-z", cwd=self.root)
        return tuple(sorted(set(listed)))

    def ignored(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Return the given paths that git ignores and does not track."""
        if not paths:
            return ()
        tracked = set(lines("ls-files", "-z", "--", *paths, cwd=self.root))
        others = [path for path in paths if path not in tracked]
        return tuple(
            path for path in others if succeeds("check-ignore", "--quiet", path, cwd=self.root)
        )

    def own_paths(self) -> tuple[str, ...]:
        """Return all paths that git tracks or would track, whether a file exists or not."""
        words = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        return tuple(sorted(set(lines(*words, cwd=self.root))))

    def own_files(self) -> tuple[str, ...]:
        """Return the paths of all existing files that git tracks or would track."""
        return tuple(path for path in self.own_paths() if (self.root / path).is_file())

    def last_intact(self) -> tuple[str, Recorded] | None:
        """Return the newest commit with an intact answers file, and the content of that file."""
        name = self.answers_file
        commits = git("log", "--format=%H", "--", name, cwd=self.root) if self.head else ""
        for commit in commits.splitlines():
            try:
                content = output("show", f"{commit}:./{name}", cwd=self.root)
                recorded = Recorded.parse(content, name)
            except (GitError, ProjectError):
                continue
            if recorded.intact:
                return commit[:10], recorded
        return None

    def merged_since(self, commit: str) -> bool:
        """Tell whether git merged branches that both changed the answers file since a commit."""
        words = ("log", "--merges", "-1", "--format=%H", f"{commit}..HEAD", "--", self.answers_file)
        under_way = succeeds("rev-parse", "--verify", "--quiet", "MERGE_HEAD", cwd=self.root)
        return under_way or bool(git(*words, cwd=self.root))


def _answers_file(folder: Path) -> str | None:
    """Return the name of a folder's answers file that answers this interview, if there is one."""
    for path in sorted(folder.glob(_PATTERN)):
        try:
            stated = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError):
            stated = None
        others = isinstance(stated, Mapping) and not {"package", "models"} & set(stated)
        if not others:
            return path.name
    return None
