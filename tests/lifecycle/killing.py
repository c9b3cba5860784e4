"""Functions that run in a child process, which may be killed."""

import os
import warnings
from typing import Any


def in_a_child(work: Any) -> bool:
    """Call a function in a child process, and return whether that was not killed."""
    with warnings.catch_warnings(action="ignore"):
        child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0
