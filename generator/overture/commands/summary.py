"""Plans and catalogue entries as text for people."""

import shlex
from collections.abc import Iterable, Iterator, Mapping

from overture.project.history import History
from overture.project.plan import Plan
from overture.template.questions import Value


def tree(paths: Iterable[str]) -> str:
    """Return files as an indented tree."""
    root: dict[str, object] = {}
    for path in paths:
        branch = root
        for part in path.split("/"):
            below = branch.setdefault(part, {})
            branch = below if isinstance(below, dict) else {}
    return "\n".join(_branches(root, ""))


def _branches(branch: Mapping[str, object], indent: str) -> Iterator[str]:
    names = sorted(branch, key=lambda name: (not branch[name], name))
    for name in names:
        below = branch[name]
        last = name == names[-1]
        yield f"{indent}{'└── ' if last else '├── '}{name}{'/' if below else ''}"
        if isinstance(below, dict):
            yield from _branches(below, indent + ("    " if last else "│   "))


def columns(rows: Iterable[tuple[str, str]], indent: str = "  ") -> str:
    """Return pairs as two aligned columns; lines of the right one stay below each other."""
    pairs = list(rows)
    width = max((len(left) for left, _ in pairs), default=0)
    lines = [
        f"{indent}{'' if number else left:<{width}}  {line}".rstrip()
        for left, right in pairs
        for number, line in enumerate(right.split("\n"))
    ]
    return "\n".join(lines)


def shown(value: Value) -> str:
    """Return an answer as a person writes it."""
    return value if isinstance(value, str) else ", ".join(value)


def described(plan: Plan) -> str:
    """Return a plan: answers, files and dependencies."""
    marks = dict.fromkeys(plan.owned, "  (yours: written once)")
    files = [f"{path}{marks.get(path, '')}" for path in plan.files]
    parts = [
        "Answers",
        columns((key, shown(value)) for key, value in plan.answers.items()),
        "",
        f"Files of {plan.target} ({len(plan.files)})",
        tree(files),
        "",
        "Dependencies",
        *(f"  {text}" for text in plan.dependencies),
        "",
        "For development",
        *(f"  {text}" for text in plan.dev_dependencies),
    ]
    return "\n".join(parts)


_HISTORIES: dict[History, tuple[str, str]] = {
    "committed": ("Its first commit is made.", ""),
    "staged": ("Its files are staged, but git could not commit them.", "git commit"),
    "inside": ("It lies in a repository, which now has new files.", "git add ."),
    "absent": ("It has no git history yet; updates need one.", "git init && git add --all"),
}


def farewell(plan: Plan, history: History) -> str:
    """Return what was made, what to do next, and the `copier` command that makes the same."""
    sentence, step = _HISTORIES[history]
    name = plan.answers["project_name"]
    job = plan.answers["jobs"][0]
    steps = [
        f"cd {shlex.quote(plan.target)}",
        step,
        "uv sync",
        "uv run pytest",
        f"uv run {name} run confs/jobs/{job}.yaml",
    ]
    return "\n".join(
        [
            f"{name} is ready: {len(plan.files)} files in {plan.target}. {sentence}",
            "",
            "Next:",
            *(f"  {line}" for line in steps if line),
            "",
            "The same project by Copier:",
            f"  {plan.command}",
        ]
    )
