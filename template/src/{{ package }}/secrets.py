"""Secrets, which no configuration states: it is kept in records."""

import re
from urllib.parse import unquote_plus

# With what the name of a secret ends, and no name of something about one.
WORDS = (
    r"(?:passw(?:or)?d|passphrase|pwd|token|secret|credentials?|authorization|(?<![a-z])sig|"
    r"signature|(?:api|access|account|private|shared)[_.-]?key|connection[_.-]?string)"
    r"\d*(?![\w-])"
)
USER = r"^[^:]+://[^:/]*:[^@]+@|^(?:\w+\+)?https?://[^/?#]*@"
PARAMETER = rf"(?:^|[?&;=])[^?&;=/]*{WORDS}\s*="
SECRET = re.compile(f"{USER}|{PARAMETER}", re.IGNORECASE)


def states_secret(url: str) -> bool:
    """Tell whether a URL, or what a client connects by, holds a password or the like."""
    return any(SECRET.search(text) for text in (url, unquote_plus(url)))


def without_user(url: str) -> str:
    """Return a URL without whoever it names before the host."""
    return re.sub(r"://[^/?#]*@", "://", url)
