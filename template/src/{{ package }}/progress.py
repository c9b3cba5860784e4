"""Progress of long work: a bar in a terminal, a line in the log otherwise."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from .concealing import conceal, unescaped
from .terminal import escape

logger = logging.getLogger(__name__)


@contextmanager
def progress(
    label: str, total: int | None = None, unit: str = "rows", *, size: int = 1
) -> Iterator[Callable[[int], None]]:
    """Show the progress of work, and log its duration.

    Args:
        label: The name of the work.
        total: The total number of units; unknown by default.
        unit: What is counted.
        size: What the count advances by in one unit, such as the rows of an epoch.

    Yields:
        A function that advances the count.
    """
    label = escape(conceal(label))
    started = time.monotonic()
    count = 0
    with _bar(label, total, unit) if sys.stderr.isatty() else nullcontext(_ignore) as show:

        def advance(more: int) -> None:
            nonlocal count
            count += more
            show(count // size)

        yield advance
    done = f"{count // size:,} {unit}, " if count else ""
    logger.info("%s: %s%.1f s", label, done, time.monotonic() - started)


def _ignore(count: int) -> None:
    """Show nothing."""


@contextmanager
def _bar(label: str, total: int | None, unit: str) -> Iterator[Callable[[int], None]]:
    """Show count, rate and time until the work is done.

    With a known total, a bar shows the fraction that is done; otherwise, a spinner.
    """
    from rich import progress as rich
    from rich.console import Console

    known = (rich.BarColumn(), rich.TaskProgressColumn())
    parts = (rich.SpinnerColumn(),) if total is None else known
    counted = rich.TextColumn("{task.fields[counted]}", style="cyan")
    described = rich.TextColumn("{task.description}", markup=False)
    columns = (described, *parts, counted, rich.TimeElapsedColumn())
    console = Console(file=unescaped(sys.stderr))
    started = time.monotonic()
    with rich.Progress(
        *columns,
        console=console,
        transient=True,
        redirect_stdout=False,  # what others print goes to the streams of `concealed`
        redirect_stderr=False,
    ) as bar:
        task = bar.add_task(label, total=total, counted="")

        def show(count: int) -> None:
            rate = count / max(time.monotonic() - started, 0.001)
            digits = 0 if rate >= 1 else 2
            bar.update(task, completed=count, counted=f"{count:,} {unit}, {rate:,.{digits}f}/s")

        yield show
