"""Progress of long work: a bar where a person watches, a line in the log where nobody does."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

logger = logging.getLogger(__name__)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int], None]]:
    """Show that work goes on, and log how long it took.

    Args:
        label: What is done.

    Yields:
        A function to tell how many more rows are done.
    """
    started = time.monotonic()
    rows = 0
    with _bar(label) if sys.stderr.isatty() else nullcontext(_ignore) as show:

        def advance(more: int) -> None:
            nonlocal rows
            rows += more
            show(rows)

        yield advance
    done = f"{rows:,} rows, " if rows else ""
    logger.info("%s: %s%.1f s", label, done, time.monotonic() - started)


def _ignore(rows: int) -> None:
    """Show nothing."""


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int], None]]:
    """Show a spinner, the rows so far and the time; it vanishes when the work is done."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    rows = TextColumn("{task.fields[rows]}", style="cyan")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), rows, TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None, rows="")
        yield lambda count: bar.update(task, rows=f"{count:,} rows")
