"""Building blocks of text output: trees, columns and answers."""

from collections.abc import Iterable, Iterator, Mapping

from overture.template.questions import Value


def tree_text(paths: Iterable[str]) -> str:
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
    """Return pairs as two aligned columns; lines of the right one stay aligned."""
    pairs = list(rows)
    width = max((len(left) for left, _ in pairs), default=0)
    lines = [
        f"{indent}{'' if number else left:<{width}}  {line}".rstrip()
        for left, right in pairs
        for number, line in enumerate(right.split("\n"))
    ]
    return "\n".join(lines)


def answer_text(value: Value) -> str:
    """Return an answer as the user writes it."""
    return value if isinstance(value, str) else ", ".join(value)
