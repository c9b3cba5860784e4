"""Text that a terminal shows as it is.

Names and contents of files may contain control characters: a terminal would obey them, and hide or
forge other text.
"""

import sys

TYPE_CHECKING = False  # see `overture`
if TYPE_CHECKING:
    from typing import Any, TextIO

# All but tabs and line breaks, and those that reverse the direction of text.
_CONTROL = (range(9), range(11, 32), range(127, 160), range(0x202A, 0x202F), range(0x2066, 0x206A))
_ESCAPES = {code: f"\\u{code:04x}" for codes in _CONTROL for code in codes}  # JSON reads them, too


def escape(text: str) -> str:
    """Return a text with escapes in place of its control characters."""
    return text.replace("\r\n", "\n").translate(_ESCAPES)


def print_styled(text: str) -> None:
    """Print a text with the escape sequences of a terminal; any other part of it is escaped."""
    stream: Any = sys.stdout
    print(text, file=stream.stream if isinstance(stream, EscapedStream) else stream)


class EscapedStream:
    """A text stream that escapes what is written to another.

    Attributes:
        stream: The other stream.
    """

    def __init__(self, stream: "TextIO") -> None:
        """State the other stream."""
        self.stream = stream

    def write(self, text: str) -> int:
        """Write a text with escapes in place of its control characters."""
        self.stream.write(escape(text))
        return len(text)

    def __getattr__(self, name: str) -> object:
        """Return an attribute of the other stream."""
        return getattr(self.stream, name)
