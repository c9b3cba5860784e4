"""Command lines, quoted for a shell: what to run for the same result, or to resolve a problem."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from overture.template.questions import Value
from overture.template.selection import Proposal
from overture.template.source import Source

ANSWERS_FILE = ".copier-answers.yml"


def copier_copy(source: Source, given: Mapping[str, Value], target: Path) -> str:
    """Return the `copier copy` command that makes the same project."""
    version = ("--vcs-ref", source.ref) if source.ref else ()
    words = (
        "copier",
        "copy",
        "--defaults",
        *version,
        *_data_options(given),
        source.url,
        str(target),
    )
    return shlex.join(words)


def copier_update(answers_file: str, ref: str | None, given: Mapping[str, Value]) -> str:
    """Return the `copier update` command that makes the same change.

    Args:
        answers_file: The project's answers file.
        ref: The version to update to, if Copier needs it.
        given: The answers that change.
    """
    words = ["copier", "update", "--defaults"]
    words += ["--answers-file", answers_file] if answers_file != ANSWERS_FILE else []
    words += ["--vcs-ref", ref] if ref else []
    return shlex.join((*words, *_data_options(given)))


def overture_new(given: Mapping[str, Value], folder: Path | None = None) -> str:
    """Return the `overture new` command with given answers, and a folder if one is named."""
    words = [word for key, value in given.items() for word in ("--data", f"{key}={comma(value)}")]
    return shlex.join(("overture", "new", *([str(folder)] if folder else []), *words))


def overture_new_of(proposal: Proposal, given: Mapping[str, object]) -> str:
    """Return the `overture new` command that makes the project of a proposal.

    Args:
        proposal: The proposal.
        given: The answers that were given; they remain where the proposal does not replace them.
    """
    changed = {
        family: value
        for family, value in proposal.answers.items()
        if family in given or family in proposal.families
    }
    others = {
        key: value
        for key, value in given.items()
        if key not in proposal.answers and isinstance(value, str)
    }
    return overture_new({**others, **changed})


def overture_set(answers: Mapping[str, object]) -> str:
    """Return the `overture set` command that gives answers."""
    return shlex.join(("overture", "set", *(f"{key}={comma(answers[key])}" for key in answers)))


def comma(value: object) -> str:
    """Return an answer as `overture` reads it: a list with commas."""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _data_options(given: Mapping[str, Value]) -> tuple[str, ...]:
    return tuple(
        word for key, value in given.items() for word in ("--data", f"{key}={_flow(value)}")
    )


def _flow(value: Value) -> str:
    """Return an answer as Copier reads it: a list in brackets."""
    return value if isinstance(value, str) else f"[{', '.join(value)}]"
