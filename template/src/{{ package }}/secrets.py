"""Detection of secrets, which a configuration may not contain because it is recorded."""

import re
from urllib.parse import unquote_plus

# Suffixes of the names of secrets.
WORDS = (
    r"(?:passw(?:or)?d|passphrase|pwd|token|secret|credentials?|authorization|(?<![a-z])sig|"
    r"signature|(?:api|access|account|private|shared)[_.-]?key|connection[_.-]?string)"
    r"\d*(?![\w-])"
)
USER = r"^[^:]+://[^:/]*:[^@]+@|^(?:\w+\+)?https?://[^/?#]*@"
PARAMETER = rf"(?:^|[?&;=])[^?&;=/]*{WORDS}\s*="
SECRET = re.compile(f"{USER}|{PARAMETER}", re.IGNORECASE)


def states_secret(url: str) -> bool:
    """Return whether a URL or a connection string contains a password or another secret."""
    return any(SECRET.search(text) for text in (url, unquote_plus(url)))


def without_user(url: str) -> str:
    """Return a URL without its user information."""
    return re.sub(r"://[^/?#]*@", "://", url)
