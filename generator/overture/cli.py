"""The command `overture`: runs a subcommand, and reports its errors.

A subcommand is imported only when it is called, so that `overture --help` starts as fast as Python.
"""

import atexit
import errno
import gc
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from overture.commands import COMMANDS, DEFECT, EXIT_CODES, INTERRUPTED, REFUSED
from overture.errors import OvertureError, UsageError
from overture.terminal import EscapedStream

LIMITS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}


def usage() -> str:
    """Return the help of the whole command."""
    return "\n".join(
        [
            "usage: overture COMMAND [OPTIONS]",
            "",
            "Machine-learning projects from the components that you choose.",
            "",
            "commands:",
            *(f"  {name:<10}{summary}" for name, summary in COMMANDS.items()),
            "",
            "options:",
            "  -h, --help  show this message, or a command's: overture new --help",
            "  --version   show the version",
            "",
            "exit codes:",
            *(f"  {code:<4}{meaning}" for code, meaning in EXIT_CODES.items()),
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit code; `EXIT_CODES` explains them."""
    # At its end Python would search all that the libraries made for garbage, for 0.1 s.
    atexit.register(gc.freeze)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without Unicode is no reason to fail
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = map(EscapedStream, streams)
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    finally:
        sys.stdout, sys.stderr = streams


def _run(words: list[str]) -> int:
    as_json = "--json" in words[: words.index("--") if "--" in words else None]
    try:
        code = _dispatch(words)
        sys.stdout.flush()
    except OvertureError as error:
        _report(error, as_json=as_json)
        return REFUSED
    except KeyboardInterrupt:
        _report_other("interrupted", "interrupted", as_json=as_json)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe closed it; Python would report that again when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DEFECT
    except Exception as error:
        if reason := _limit(error):
            _report_other("machine", reason, "Make room, and try again.", as_json=as_json)
            return REFUSED
        if os.environ.get("OVERTURE_TRACEBACK"):
            raise
        message = f"unexpected {type(error).__name__}: {error}"
        remedy = "Set OVERTURE_TRACEBACK=1 to see where, and please report it."
        _report_other("defect", message, remedy, as_json=as_json)
        return DEFECT
    return code


def _limit(error: Exception) -> str:
    """Return which limit of the machine an error is due to; empty if it is due to none."""
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    if isinstance(error, OSError) and error.errno in LIMITS:
        return f"{error.filename or 'a file'} cannot be written: {error.strerror}"
    return ""


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
        raise UsageError(message, suggestion(name, COMMANDS))
    from importlib import import_module

    code: int = import_module(f"overture.commands.{name}").main(rest)
    return code


def _report(error: OvertureError, *, as_json: bool) -> None:
    if as_json:
        from overture.commands.output import print_overture_error

        print_overture_error(error)
    else:
        print(f"overture: {error}", file=sys.stderr)


def _report_other(code: str, message: str, remedy: str = "", *, as_json: bool) -> None:
    """Report an exception that is not an `OvertureError`: an interruption, or a defect."""
    if as_json:
        from overture.commands.output import print_error

        print_error(code, message, remedy)
    else:
        print("\n".join(part for part in (f"overture: {message}", remedy) if part), file=sys.stderr)
