"""Rendering of a project by Copier, from a source and valid answers."""

import os
import re
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from pathlib import Path

import copier
from copier.errors import CopierError
from jinja2 import TemplateError
from plumbum import ProcessExecutionError, local

from overture.errors import RenderingError
from overture.git import LEADING, NO_PROGRAMS, settings_as_variables
from overture.template.interview import Answers
from overture.template.jinja import compiled_once, without_machine
from overture.template.limits import MEMORY, limited
from overture.template.source import Source

# Copier updates the submodules that are active, which by this are none.
_SETTINGS = {**NO_PROGRAMS, "submodule.active": ":(exclude)*"}


def render(source: Source, answers: Answers, folder: Path, answers_file: str | None = None) -> None:
    """Render a project into a folder.

    Every answer is given, so neither prompts nor the user's settings matter, and no code of the
    template is run. Its submodules are not fetched.

    Raises:
        RenderingError: If Copier cannot render the template, within the limits.
    """
    with _copier(source), limited():
        copier.run_copy(
            source.url,
            folder,
            data=dict(answers),
            answers_file=answers_file,
            vcs_ref=source.ref,
            settings=copier.Settings(),
            defaults=True,
            quiet=True,
        )
    _check_paths(folder, source)


def _check_paths(folder: Path, source: Source) -> None:
    """Refuse a rendering that git could take for a part of its own folder, or that has links.

    Raises:
        RenderingError: If it holds such a path.
    """
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if _is_git_folder(path.name):
            message = f"{source.url} renders {name}, which git could take for its own folder"
            raise RenderingError(message, "Use a template that you trust.")
        if path.is_symlink():
            message = f"{source.url} renders a symbolic link, {name}"
            raise RenderingError(message, "A template holds files only.")


def _is_git_folder(name: str) -> bool:
    """Tell whether some file system takes a name for `.git`: by case, endings or short names."""
    visible = "".join(char for char in name if unicodedata.category(char) != "Cf")
    plain = visible.casefold().partition(":")[0].rstrip(". ")
    return re.fullmatch(r"\.git|git~\d+", plain) is not None


@contextmanager
def _copier(source: Source) -> Iterator[None]:
    """Call Copier quietly on the source's snapshot, and raise its errors as one line."""
    with (
        _environment(source),
        compiled_once(),
        without_machine(),
        warnings.catch_warnings(action="ignore"),
    ):
        try:
            with redirect_stderr(StringIO()):
                yield
        except ProcessExecutionError as error:
            message = f"git failed while Copier read {source.url}: {_last_line(error.stderr)}"
            raise RenderingError(message) from error
        except MemoryError as error:
            message = f"{source.url} needs more than {MEMORY >> 30} GiB of memory to be rendered"
            raise RenderingError(message, "Use a template that you trust.") from error
        except (CopierError, TemplateError, OSError, TypeError, ValueError) as error:
            message = f"Copier cannot render {source.url}: {_last_line(str(error))}"
            raise RenderingError(message) from error


@contextmanager
def _environment(source: Source) -> Iterator[None]:
    """Set the environment under which Copier and its git read the source's snapshot."""
    before = dict(os.environ)
    # Copier runs git by plumbum, whose environment is a copy made when it was imported.
    with local.env():
        try:
            for environment in (os.environ, local.env):
                environment.update(source.env)
                for name in LEADING:
                    environment.pop(name, "")
                environment.update(settings_as_variables(_SETTINGS, dict(environment)))
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason was given"
