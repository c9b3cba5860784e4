"""A new project as text: before it is created, and afterwards."""

import shlex

from overture.commands.text import answer_text, columns, tree_text
from overture.project.creating import Created, NewProject
from overture.project.history import History


def project_text(project: NewProject) -> str:
    """Return what a new project consists of: answers, files and dependencies."""
    marks = dict.fromkeys(project.owned, "  (yours: written once)")
    files = [f"{path}{marks.get(path, '')}" for path in project.files]
    parts = [
        "Answers",
        columns((key, answer_text(value)) for key, value in project.answers.items()),
        "",
        f"Files of {project.target} ({len(project.files)})",
        tree_text(files),
        "",
        "Dependencies",
        *(f"  {text}" for text in project.dependencies),
        "",
        "For development",
        *(f"  {text}" for text in project.dev_dependencies),
    ]
    return "\n".join(parts)


_HISTORIES: dict[History, tuple[str, str]] = {
    "committed": ("It has its first commit.", ""),
    "staged": ("Its files are staged, but git could not commit them.", "git commit"),
    "inside": ("It is part of a repository, which now has new files.", "git add ."),
    "absent": ("It has no git history yet; updates need one.", "git init && git add --all"),
}


def created_text(created: Created) -> str:
    """Return the text after a creation: the next steps, and the equivalent `copier` command."""
    project = created.project
    sentence, step = _HISTORIES[created.history]
    name = project.answers["project_name"]
    job = project.answers["jobs"][0]
    steps = [
        f"cd {shlex.quote(project.target)}",
        step,
        "uv sync",
        "uv run pytest",
        f"uv run {name} run confs/jobs/{job}.yaml",
    ]
    return "\n".join(
        [
            f"{name} is ready: {len(project.files)} files in {project.target}. {sentence}",
            "",
            "Next:",
            *(f"  {line}" for line in steps if line),
            "",
            "The same project by Copier:",
            f"  {project.copier}",
        ]
    )
