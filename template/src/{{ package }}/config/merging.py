"""Which mappings a later configuration replaces; it changes the others key by key."""

from collections.abc import Iterator
from typing import Any

from ..strategy import Strategy
from .kinds import kinds


def replaced(old: dict[str, Any], new: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the dotted keys of the mappings in `old` that `new` replaces.

    These are a mapping of another `kind`, one that `new` states as empty, and one whose meaning
    depends on another key of its strategy that changes; see `Strategy.replaces`.
    """
    for key, value in new.items():
        before, name = old.get(key), f"{prefix}{key}"
        if not (isinstance(before, dict) and isinstance(value, dict)):
            continue
        kind = value.get("kind", before.get("kind"))
        if not value or before.get("kind", kind) != kind:
            yield name
            continue
        for strategy in _strategies(kind):
            for cause, dependent in strategy.replaces.items():
                given = before.get(cause, strategy.model_fields[cause].default)
                if dependent in before and value.get(cause, given) != given:
                    yield f"{name}.{dependent}"
        yield from replaced(before, value, f"{name}.")


def conflicting(old: dict[str, Any], new: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the dotted keys of lists that are mappings in `new`, or vice versa."""
    for key in old.keys() & new.keys():
        before, value = old[key], new[key]
        if {type(before), type(value)} == {dict, list}:
            yield f"{prefix}{key}"
        elif isinstance(before, dict) and isinstance(value, dict):
            yield from conflicting(before, value, f"{prefix}{key}.")


def _strategies(kind: Any) -> Iterator[type[Strategy]]:
    """Yield the strategies of a kind; two families may have the same one."""
    for family in kinds().values():
        if isinstance(kind, str) and kind in family:
            yield family[kind]
