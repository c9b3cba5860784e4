"""Errors that the user can fix.

Each message names the location (a file, a key, a column), the rule, and the remedy. The command
line prints it and exits with code 2; any other exception is a defect.
"""

from collections.abc import Iterable
from difflib import get_close_matches

SHOWN = 20  # the most allowed values that an error lists


class ProjectError(Exception):
    """The base of errors that are caused by the input, not by a defect."""


class ConfigurationError(ProjectError):
    """A configuration that cannot be read or is invalid.

    Attributes:
        key: The dotted key that is invalid, if it is a single one; the command line adds its file.
    """

    def __init__(self, message: str, key: str = "") -> None:
        """Take a message, and the key that it concerns."""
        super().__init__(f"{key}: {message}" if key else message)
        self.key = key


class DataError(ProjectError):
    """Data that is missing, empty, unreadable, or violates the data contract."""


class ArtifactError(ProjectError):
    """A saved model that is missing, damaged, or does not match its manifest."""


def nearest(name: str, allowed: Iterable[str]) -> str:
    """List the allowed names, and suggest the closest to a misspelled one.

    Args:
        name: The given name.
        allowed: The allowed names.

    Returns:
        A clause for an error message: "allowed: a, b, c; did you mean 'b'?".
    """
    known = sorted(allowed)
    shown = ", ".join(known[:SHOWN]) + (", …" if len(known) > SHOWN else "")
    closest = get_close_matches(name, known, n=1)
    return f"allowed: {shown}" + (f"; did you mean '{closest[0]}'?" if closest else "")
