"""A new project as text: before it is created, and afterwards."""

import shlex
from collections.abc import Iterable
from textwrap import indent, wrap

from overture.commands.text import answer_text, columns, tree_text
from overture.project.creating import Created, NewProject
from overture.project.history import History
from overture.project.locking import Lock, LockState


def files_text(project: NewProject) -> str:
    """Return the files of a new project, as a tree."""
    marks = dict.fromkeys(project.owned, "  (yours: written once)")
    files = [f"{path}{marks.get(path, '')}" for path in project.files]
    return f"Files of {project.target} ({len(files)})\n{tree_text(files)}"


def project_text(project: NewProject) -> str:
    """Return what a new project consists of: dependencies and answers."""
    parts = [
        "Dependencies",
        _paragraph(project.dependencies),
        "",
        "For development",
        _paragraph(project.dev_dependencies),
        "",
        "Answers",
        columns((key, answer_text(value)) for key, value in project.answers.items()),
        "",
        f"{len(project.files)} files in {project.target}",
    ]
    return "\n".join(parts)


def _paragraph(names: Iterable[str]) -> str:
    """Return names as an indented paragraph, wrapped between them."""
    text = ", ".join(name.replace(" ", "\0") for name in names)
    lines = wrap(text, 78, break_long_words=False, break_on_hyphens=False)
    return indent("\n".join(lines), "  ").replace("\0", " ")


_HISTORIES: dict[History, tuple[str, str]] = {
    "committed": ("It has its first commit.", ""),
    "staged": ("Its files are staged, but git could not commit them.", "git commit"),
    "inside": ("It is part of a repository, which now has new files.", "git add ."),
    "absent": ("It has no git history yet; updates need one.", "git init && git add --all"),
}


_SETUP = "uv run just setup"
_WITHOUT_UV = f"{_SETUP}  # to install uv: https://docs.astral.sh/uv"
_REMEDIES: dict[LockState, str] = {
    "failed": "To try again: uv lock",
    "private": "To lock all the same: uv lock",
    "unsupported": "To lock it: uv lock",
}


def created_text(created: Created) -> str:
    """Return the text after a creation: the next steps, and the equivalent `copier` command."""
    project = created.project
    sentence, step = _HISTORIES[created.history]
    name = project.answers["project_name"]
    content = f"{len(project.files)} files{' and uv.lock' * (created.lock.state == 'made')}"
    steps = [
        f"cd {shlex.quote(project.target)}",
        step,
        _WITHOUT_UV if created.lock.state == "no-uv" else _SETUP,
        "uv run just test",
        "uv run just  # lists its other commands",
    ]
    return "\n".join(
        [
            f"{name} is ready: {content} in {project.target}. {sentence}",
            *_unlocked(created.lock),
            "",
            "Next:",
            *(f"  {line}" for line in steps if line),
            "",
            "The same project by Copier:",
            f"  {project.copier}",
        ]
    )


def _unlocked(lock: Lock) -> Iterable[str]:
    """Yield why a project has no lock, and the remedy, unless that follows from the command."""
    if remedy := _REMEDIES.get(lock.state):
        yield f"uv.lock is not part of the project: {lock.reason}. {remedy}"
