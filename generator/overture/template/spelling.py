"""Suggestions for misspelled names."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """Return the most similar valid name, if any is similar."""
    names = {candidate.lower(): candidate for candidate in valid}
    found = get_close_matches(name.lower(), names, n=1, cutoff=0.5)
    return names[found[0]] if found else None


def suggestion(name: str, valid: Iterable[str]) -> str:
    """Return a sentence that suggests the most similar valid name, or nothing."""
    found = nearest(name, valid)
    return f"Did you mean {found}?" if found else ""
