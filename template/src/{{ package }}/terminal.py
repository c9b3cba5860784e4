"""Text that a terminal shows as it is.

Names and values from files may contain control characters: a terminal would obey them, and hide or
forge other text.
"""

import re

# All but tabs and line breaks; also those that reverse the direction of text.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """Return a text with escapes in place of its control characters."""
    return CONTROL.sub(lambda found: ascii(found[0])[1:-1], text.replace("\r\n", "\n"))
