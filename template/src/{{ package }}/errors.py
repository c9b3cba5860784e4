"""What can go wrong in a way that the user can mend.

Each message names the place (a file, a key, a column), the rule, and the remedy. The command line
prints it as it is and exits with code 2; anything else that is raised is a defect.
"""

from collections.abc import Iterable
from difflib import get_close_matches

SHOWN = 20  # of what is allowed, how much an error lists


class ProjectError(Exception):
    """The base of every error that is the input's, not the program's."""


class ConfigurationError(ProjectError):
    """A configuration that cannot be read, or that asks for what is not there.

    Attributes:
        key: The dotted key that is to blame, if it is one; the command line adds its file.
    """

    def __init__(self, message: str, key: str = "") -> None:
        """Say what is wrong, and at which key."""
        super().__init__(f"{key}: {message}" if key else message)
        self.key = key


class DataError(ProjectError):
    """Data that is missing, empty, unreadable, or against the data contract."""


class ArtifactError(ProjectError):
    """A saved model that is missing, damaged, or not what its manifest says."""


def nearest(name: str, allowed: Iterable[str]) -> str:
    """Say what is allowed, and which of it a mistyped name most resembles.

    Args:
        name: What was given.
        allowed: What could have been given.

    Returns:
        A clause for an error message: "allowed: a, b, c; did you mean 'b'?".
    """
    known = sorted(allowed)
    shown = ", ".join(known[:SHOWN]) + (", …" if len(known) > SHOWN else "")
    closest = get_close_matches(name, known, n=1)
    return f"allowed: {shown}" + (f"; did you mean '{closest[0]}'?" if closest else "")
