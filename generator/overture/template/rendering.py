"""Rendering of a project by Copier, from a source and valid answers."""

import os
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
from overture.git import LEADING
from overture.template.interview import Answers
from overture.template.jinja import compiled_once
from overture.template.source import Source


def render(source: Source, answers: Answers, folder: Path, answers_file: str | None = None) -> None:
    """Render a project into a folder.

    Every answer is given, so neither prompts nor the user's settings matter, and no code of the
    template is run.

    Raises:
        RenderingError: If Copier cannot render the template.
    """
    with _copier(source):
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


@contextmanager
def _copier(source: Source) -> Iterator[None]:
    """Call Copier quietly on the source's snapshot, and raise its errors as one line."""
    with _environment(source), compiled_once(), warnings.catch_warnings(action="ignore"):
        try:
            with redirect_stderr(StringIO()):
                yield
        except ProcessExecutionError as error:
            message = f"git failed while Copier read {source.url}: {_last_line(error.stderr)}"
            raise RenderingError(message) from error
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
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason was given"
