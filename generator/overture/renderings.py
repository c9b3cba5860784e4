"""What a template renders for answers, with nobody's edits, and how a project differs from it."""

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from .files import Files, read_all, tree
from .interview import Answers, Interview
from .project import Project
from .source import Source

_KEPT = 4  # renderings that lie in a project's repository


@dataclass(frozen=True)
class Rendering:
    """A template's files for answers.

    Attributes:
        source: The template, in one version.
        answers: The answers.
        files: The files.
        owned: Those of them that are written once, and then are the user's.
    """

    source: Source
    answers: Answers
    files: Files
    owned: frozenset[str]

    @classmethod
    def of(cls, project: Project, source: Source, interview: Interview, answers: Answers) -> Self:
        """Render a template for a project, unless its repository still has it from before.

        Raises:
            RenderingError: If Copier refuses.
        """
        kept = _place(project, source, answers)
        if kept is not None and kept.is_dir():
            files = tree(kept)
        else:
            from .rendering import render

            with TemporaryDirectory(prefix="overture-") as name:
                folder = Path(name) / "project"
                render(source, answers, folder, project.answers_file)
                files = tree(folder)
                keep(project, source, answers, folder)
        return cls(source, answers, files, frozenset(interview.owned(files)))


@dataclass(frozen=True)
class Difference:
    """How a project differs from the rendering that it was made from.

    Attributes:
        edited: The managed files whose content differs.
        deleted: The managed files that are not there.
        owned: The owned files that differ or are not there, as they may.
    """

    edited: tuple[str, ...]
    deleted: tuple[str, ...]
    owned: tuple[str, ...]

    @classmethod
    def of(cls, project: Project, pristine: Rendering) -> Self:
        """Compare a project with a rendering; the answers file is not compared."""
        there = read_all(project.root, pristine.files)
        differing = [
            path
            for path, file in pristine.files.items()
            if there.get(path) != file and path != project.answers_file
        ]
        managed = [path for path in differing if path not in pristine.owned]
        return cls(
            tuple(path for path in managed if path in there),
            tuple(path for path in managed if path not in there),
            tuple(path for path in differing if path in pristine.owned),
        )


def keep(project: Project, source: Source, answers: Answers, folder: Path) -> None:
    """Copy what was rendered for a project into its repository, and let go of the oldest."""
    place = _place(project, source, answers)
    if place is None:
        return
    aside = place.with_name(f".{place.name}.{os.getpid()}")
    with suppress(OSError):  # it saves time, and nothing else depends on it
        shutil.copytree(folder, aside, ignore=shutil.ignore_patterns(".git"))
        aside.rename(place)
        there = [path for path in place.parent.iterdir() if not path.name.startswith(".")]
        for old in sorted(there, key=lambda path: path.stat().st_mtime)[:-_KEPT]:
            shutil.rmtree(old)
    shutil.rmtree(aside, ignore_errors=True)


def _place(project: Project, source: Source, answers: Answers) -> Path | None:
    """Return where a rendering lies once it is kept; nowhere if its source may still change."""
    if source.commit is None:
        return None
    of = [source.url, source.described, source.commit, answers, project.answers_file]
    text = json.dumps([*of, version("overture"), version("copier")], sort_keys=True)
    return project.state / "renderings" / sha256(text.encode()).hexdigest()[:16]
