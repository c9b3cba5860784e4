"""Overlaps of the files that hold tables and models."""

from collections.abc import Iterable
from itertools import product
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from ..files import url_of


def overlap(some: Iterable[Path], others: Iterable[Path]) -> bool:
    """Tell whether files or folders equal, contain or match others; links are followed."""
    for one, other in product(map(url_of, some), map(url_of, others)):
        if f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/"):
            return True
        if PurePosixPath(unquote(one)).match(unquote(other)):  # a pattern of files to read
            return True
    return False
