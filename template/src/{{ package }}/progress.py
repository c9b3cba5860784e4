"""Progress of long work: a bar where a person watches, a line in the log where nobody does."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

logger = logging.getLogger(__name__)


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show that work goes on, and log how long it took.

    Args:
        label: What is done.
        total: How many rows there are; unknown by default.

    Yields:
        A function to tell how many more rows are done.
    """
    started = time.monotonic()
    rows = 0
    with _bar(label, total) if sys.stderr.isatty() else nullcontext(_ignore) as show:

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
def _bar(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show the rows so far, their rate and the time; it vanishes when the work is done.

    A bar shows the share that is done if the total is known, else a spinner that work goes on.
    """
    from rich import progress as rich
    from rich.console import Console

    known = (rich.BarColumn(), rich.TaskProgressColumn())
    parts = (rich.SpinnerColumn(),) if total is None else known
    rows = rich.TextColumn("{task.fields[rows]}", style="cyan")
    columns = (rich.TextColumn("{task.description}"), *parts, rows, rich.TimeElapsedColumn())
    started = time.monotonic()
    with rich.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total, rows="")

        def show(count: int) -> None:
            rate = count / max(time.monotonic() - started, 0.001)
            bar.update(task, completed=count, rows=f"{count:,} rows, {rate:,.0f}/s")

        yield show
