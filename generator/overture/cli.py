"""The command `overture`: finds the subcommand, and prints once what went wrong.

A subcommand is imported only when it is called, so that `overture --help` starts as fast as Python.
"""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from overture.commands import COMMANDS, INTERRUPTED, REFUSED, UNEXPECTED
from overture.errors import OvertureError


def usage() -> str:
    """Return the help of the whole command."""
    lines = [f"  {name:<10}{summary}" for name, summary in COMMANDS.items()]
    return "\n".join(
        [
            "usage: overture COMMAND [OPTIONS]",
            "",
            "Machine-learning projects from the components that you choose.",
            "",
            "commands:",
            *lines,
            "",
            "options:",
            "  -h, --help  show this message, or a command's: overture new --help",
            "  --version   show the version",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit code.

    0 is success; 2, bad input or a refusal, with one message; 130, an interruption; 1, anything
    unexpected.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without Unicode is no reason to fail
    try:
        code = _dispatch(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except OvertureError as error:
        print(f"overture: {error}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("overture: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe went away; Python would complain once more when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNEXPECTED
    except Exception as error:
        if os.environ.get("OVERTURE_TRACEBACK"):
            raise
        print(f"overture: unexpected {type(error).__name__}: {error}", file=sys.stderr)
        print("Set OVERTURE_TRACEBACK=1 to see where, and please report it.", file=sys.stderr)
        return UNEXPECTED
    return code


def _dispatch(arguments: list[str]) -> int:
    if not arguments or arguments[0] in {"-h", "--help"}:
        print(usage())
        return 0 if arguments else REFUSED
    name, *rest = arguments
    if name == "--version":
        from importlib.metadata import version

        print(f"overture {version('overture')}")
        return 0
    if name not in COMMANDS:
        from overture.template.spelling import suggestion

        message = f"There is no command {name!r}; there are {', '.join(COMMANDS)}."
        raise OvertureError(message, suggestion(name, COMMANDS))
    from importlib import import_module

    code: int = import_module(f"overture.commands.{name}").main(rest)
    return code
