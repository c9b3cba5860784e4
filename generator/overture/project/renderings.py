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
from time import time
from typing import Self

from overture.files import File, Files, alike, read_all, tree
from overture.git import keeps_modes
from overture.project.project import Project, Recorded
from overture.template.interview import Answers, Interview
from overture.template.source import Source

_KEPT = 4  # renderings that lie in a project's repository
_LONGEST = 3600  # seconds that a run may take to write or to remove one


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
            with suppress(OSError):
                os.utime(kept)  # what is in use is the last to be let go of
        else:
            from overture.template.rendering import render

            with TemporaryDirectory(prefix="overture-") as name:
                folder = Path(name) / "project"
                render(source, answers, folder, project.answers_file)
                files = tree(folder)
                keep(project, source, answers, folder)
        return cls(source, answers, files, frozenset(interview.owned(files)))


def recorded_rendering(project: Project, source: Source, recorded: Recorded) -> Rendering:
    """Render what an answers file records, by the template in the version that it names.

    Raises:
        RenderingError: If Copier refuses.
    """
    interview = Interview.load(source.root)
    answers = interview.resolve(recorded.answers).answers
    return Rendering.of(project, source, interview, answers)


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
        there = compared(project, pristine.files)
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


def compared(project: Project, others: Files) -> dict[str, File]:
    """Return those files of a project that others are compared with, as git compares them."""
    there = read_all(project.root, others)
    return alike(there, others, modes=keeps_modes(project.root))


def keep(project: Project, source: Source, answers: Answers, folder: Path) -> None:
    """Copy what was rendered for a project into its repository, and let go of the oldest."""
    place = _place(project, source, answers)
    if place is None:
        return
    aside = place.with_name(f".{place.name}.{os.getpid()}")
    with suppress(OSError):  # it saves time, and nothing else depends on it
        shutil.copytree(folder, aside, ignore=shutil.ignore_patterns(".git"))
        aside.rename(place)
        _let_go(place.parent)
    shutil.rmtree(aside, ignore_errors=True)


def _let_go(folder: Path) -> None:
    """Remove the renderings that were not used for longest, and what killed runs left."""
    used = {path: path.stat().st_mtime for path in folder.iterdir()}
    there = [path for path in used if not path.name.startswith(".")]
    for path in sorted(there, key=used.__getitem__)[:-_KEPT]:
        # One that was removed in part would pass for the whole of it.
        shutil.rmtree(path.rename(path.with_name(f".{path.name}.{os.getpid()}")))
    for path in used.keys() - {*there}:
        if time() - used[path] > _LONGEST:
            shutil.rmtree(path)


def _place(project: Project, source: Source, answers: Answers) -> Path | None:
    """Return where a rendering lies once it is kept; nowhere if its source may still change."""
    if source.commit is None:
        return None
    of = [source.url, source.described, source.commit, answers, project.answers_file]
    text = json.dumps([*of, version("overture"), version("copier")], sort_keys=True)
    return project.state / "renderings" / sha256(text.encode()).hexdigest()[:16]
