"""Records docs/overture.svg, an interview in a real terminal: `make picture`."""

import io
import os
import re
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import pexpect
import pyte
from rich.console import Console
from rich.style import Style
from rich.text import Text

COLUMNS, ROWS = 108, 300
START = 60  # seconds to wait for the first output after an answer
QUIET = 1.5  # seconds without output after which a question is taken to be asked
QUESTIONS = 40
TARGET = "bike-demand"
KEPT = {"The same project": 0}  # lines


def recorded(folder: Path) -> pyte.Screen:
    """Answer every question with what is offered, and return the screen at the end."""
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    words = ("overture", ["new", TARGET])
    child = pexpect.spawn(*words, cwd=str(folder), dimensions=(ROWS, COLUMNS), env=environment())
    for _ in range(QUESTIONS):
        shown(child, stream, screen)
        if not child.isalive():
            return screen
        child.send("\r")
    raise RuntimeError("the interview does not end")


def environment() -> dict[str, str]:
    """Return the environment variables, with the identity of no real person for git."""
    settings = {"user.name": "Ada Lovelace", "user.email": "ada@example.org"}
    found = {"GIT_CONFIG_COUNT": str(len(settings))}
    for at, (key, value) in enumerate(settings.items()):
        found |= {f"GIT_CONFIG_KEY_{at}": key, f"GIT_CONFIG_VALUE_{at}": value}
    return {**os.environ, **found}


def shown(child: "pexpect.spawn[bytes]", stream: pyte.ByteStream, screen: pyte.Screen) -> None:
    """Take in what is printed, and answer where the terminal is asked for its cursor."""
    until = time.monotonic() + START
    while time.monotonic() < until:
        try:
            content = child.read_nonblocking(1 << 16, timeout=0.1)
        except pexpect.TIMEOUT:
            continue
        except pexpect.EOF:
            child.wait()
            return
        stream.feed(content)
        if b"\x1b[6n" in content:
            child.send(f"\x1b[{screen.cursor.y + 1};{screen.cursor.x + 1}R")
        until = time.monotonic() + QUIET


def line(cells: dict[int, "pyte.screens.Char"]) -> Text:
    """Return a line of a screen."""
    text = Text()
    for (color, bold), some in groupby(
        (cells[at] for at in range(COLUMNS)), key=lambda cell: (cell.fg, cell.bold)
    ):
        named = f"#{color}" if re.fullmatch("[0-9a-f]{6}", color) else color
        named = {"default": None, "brown": "yellow"}.get(named, named)
        text.append("".join(cell.data for cell in some), Style(color=named, bold=bold))
    text.rstrip()
    return text


def shortened(lines: list[Text]) -> Iterator[Text]:
    """Yield what a picture has room for: each part up to its blank line, the long ones in part."""
    left: int | None = None
    for each in lines:
        if not each.plain:
            left, dropped = None, left == 0
            if not dropped:
                yield each
            continue
        for begins, kept in KEPT.items():
            if each.plain.startswith(begins):
                left = kept
        if each.plain.startswith("?"):
            left = None
        if left is None or left > 0:
            yield each
        if left is not None and (left := left - 1) == 0:
            yield Text("  …")


def main() -> None:
    """Record, and draw."""
    with TemporaryDirectory() as folder:
        screen = recorded(Path(folder))
        lines = [line(screen.buffer[at]) for at in range(ROWS)]
    while lines and not lines[-1].plain:
        lines.pop()
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    console.print(Text(f"$ overture new {TARGET}", style="bold"))
    for each in shortened(lines):
        console.print(each)
    drawn = console.export_svg(title="overture new").replace(f"{folder}/", "~/")
    plain = re.sub(r" *@font-face \{.*?\}\n", "", drawn, flags=re.DOTALL)  # no font from afar
    plain = plain.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace")
    Path(__file__).with_name("overture.svg").write_text(plain, encoding="utf-8")


if __name__ == "__main__":
    main()
