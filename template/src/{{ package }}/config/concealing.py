"""Concealing of values from the environment, which may be secrets."""

import re
from collections.abc import Iterator
from typing import Any

ENVIRONMENT = "${oc.env:"
LEAST = 3  # characters of a value that is concealed; shorter ones are everywhere


def conceal(text: str, values: Any, stated: Any) -> str:
    """Return a text with references in place of values from the environment.

    Args:
        text: The text.
        values: The resolved values, nested.
        stated: The values as written.
    """
    references = dict(_from_environment(values, stated))
    for value in sorted(references, key=len, reverse=True):
        if len(value) >= LEAST:
            parts = re.split(rf"(?<!\w){re.escape(value)}(?!\w)", text)
            text = references[value].join(parts)
    return text


def _from_environment(value: Any, stated: Any) -> Iterator[tuple[str, str]]:
    """Yield the nested values that contain environment variables, with their references."""
    if isinstance(stated, str) and ENVIRONMENT in stated:
        yield str(value), stated
    elif isinstance(value, dict) and isinstance(stated, dict):
        for key in value.keys() & stated.keys():
            yield from _from_environment(value[key], stated[key])
    elif isinstance(value, list) and isinstance(stated, list):
        for pair in zip(value, stated, strict=False):
            yield from _from_environment(*pair)
