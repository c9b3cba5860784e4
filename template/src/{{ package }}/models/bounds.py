"""Bounds of what a model file states, which the library that reads it does not check."""

from typing import Any

from numpy.typing import NDArray


def require(*, holds: bool, what: str) -> None:
    """Check a bound.

    Raises:
        ValueError: If it does not hold.
    """
    if not holds:
        raise ValueError(f"{what} is out of range")


def within(values: NDArray[Any], stop: int) -> bool:
    """Return whether all values are at least 0 and less than a bound."""
    return bool(((values >= 0) & (values < stop)).all())
