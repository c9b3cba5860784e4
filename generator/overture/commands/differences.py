"""Differences of files as unified diffs."""

import sys
from collections.abc import Collection, Iterable
from difflib import unified_diff

from overture.project.comparing import FilePair
from overture.terminal import escape, print_styled


def unified(pairs: Iterable[FilePair], owned: Collection[str]) -> str:
    """Return the differences of files as a unified diff that marks owned files."""
    parts: list[str] = []
    for path, old, new in pairs:
        mark = "(owned)" if path in owned else ""
        if any(file is not None and file.is_binary for file in (old, new)):
            parts.append(f"Binary file {path} differs {mark}".rstrip())
            continue
        sides = [file.text.splitlines() if file else [] for file in (old, new)]
        names = (f"a/{path}" if old else "/dev/null", f"b/{path}" if new else "/dev/null")
        # The mark is in the place of the date in a patch.
        parts += unified_diff(sides[0], sides[1], names[0], names[1], mark, mark, lineterm="")
    return "\n".join(parts)


def print_unified(diff: str) -> None:
    """Print a unified diff, in a terminal with colors."""
    if not sys.stdout.isatty():
        print(diff)
        return
    from pygments import highlight
    from pygments.formatters import TerminalFormatter
    from pygments.lexers import DiffLexer

    print_styled(highlight(escape(diff), DiffLexer(), TerminalFormatter()).rstrip("\n"))
