"""Renderings of a template for answers, and how a project differs from them."""

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

from overture.files import File, Files, alike, read_all, read_folder
from overture.git import keeps_modes
from overture.project.project import Project, Recorded
from overture.template.interview import Answers
from overture.template.source import Source
from overture.template.template import Template

_KEPT = 4  # renderings stored in a project's repository
_LONGEST = 3600  # seconds that a process may take to write or to remove one


@dataclass(frozen=True)
class Rendering:
    """The files that a template renders for answers.

    Attributes:
        template: The template, in one version.
        answers: The answers.
        files: The files.
        owned: Those of the files that are written once, and then belong to the user.
    """

    template: Template
    answers: Answers
    files: Files
    owned: frozenset[str]

    @classmethod
    def of(cls, project: Project, template: Template, answers: Answers) -> Self:
        """Render a template for a project, unless its repository still holds the rendering.

        Raises:
            RenderingError: If Copier cannot render it.
        """
        source = template.source
        kept = _place(project, source, answers)
        if kept is not None and kept.is_dir():
            files = read_folder(kept)
            with suppress(OSError):
                os.utime(kept)  # the least recently used is removed first
        else:
            from overture.template.rendering import render

            with TemporaryDirectory(prefix="overture-") as name:
                folder = Path(name) / "project"
                render(source, answers, folder, project.answers_file)
                files = read_folder(folder)
                keep(project, source, answers, folder)
        return cls(template, answers, files, frozenset(template.interview.owned(files)))


def recorded_rendering(project: Project, template: Template, recorded: Recorded) -> Rendering:
    """Render the answers that a project records.

    Args:
        project: The project.
        template: The template in the recorded version.
        recorded: What the project records.

    Raises:
        RenderingError: If Copier cannot render it.
    """
    answers = template.interview.resolve(recorded.answers).answers
    return Rendering.of(project, template, answers)


@dataclass(frozen=True)
class Difference:
    """How a project differs from the rendering that it was made from.

    Attributes:
        edited: The managed files whose content differs.
        deleted: The managed files that are deleted.
        owned: The owned files that differ or are deleted.
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
    """Return the files of a project at the paths of others, as git compares them."""
    there = read_all(project.root, others)
    return alike(there, others, modes=keeps_modes(project.root))


def keep(project: Project, source: Source, answers: Answers, folder: Path) -> None:
    """Store a rendering in a project's repository, and remove the least recently used one."""
    place = _place(project, source, answers)
    if place is None:
        return
    aside = place.with_name(f".{place.name}.{os.getpid()}")
    with suppress(OSError):  # only a cache
        shutil.copytree(folder, aside, ignore=shutil.ignore_patterns(".git"))
        aside.rename(place)
        _evict(place.parent)
    shutil.rmtree(aside, ignore_errors=True)


def _evict(folder: Path) -> None:
    """Remove the least recently used renderings, and the rests of killed processes."""
    used = {path: path.stat().st_mtime for path in folder.iterdir()}
    there = [path for path in used if not path.name.startswith(".")]
    for path in sorted(there, key=used.__getitem__)[:-_KEPT]:
        # Renamed first, since a partly removed rendering would pass for a complete one.
        shutil.rmtree(path.rename(path.with_name(f".{path.name}.{os.getpid()}")))
    for path in used.keys() - {*there}:
        if time() - used[path] > _LONGEST:
            shutil.rmtree(path)


def _place(project: Project, source: Source, answers: Answers) -> Path | None:
    """Return the folder of a stored rendering; none if its source may still change."""
    if source.commit is None:
        return None
    of = [source.url, source.label, source.commit, answers, project.answers_file]
    text = json.dumps([*of, version("overture"), version("copier")], sort_keys=True)
    return project.state / "renderings" / sha256(text.encode()).hexdigest()[:16]
