"""Work that is killed before its end."""

import os
import warnings
from typing import Any


def in_a_child(work: Any) -> bool:
    """Do something in a process of its own, and tell whether that lived to its end."""
    with warnings.catch_warnings(action="ignore"):
        child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0
