"""Merging of configurations."""

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import Any

from ..errors import ConfigurationError
from .kinds import kinds

MISSING = "???"  # a value that a later file or setting must state


def combine(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return nested mappings combined key by key; everything else is replaced."""

    def over(old: Any, new: Any) -> Any:
        if isinstance(old, list) and isinstance(new, Mapping):
            return _merge_items(old, new, "")
        if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
            return new
        return {**old, **{key: over(old.get(key), value) for key, value in new.items()}}

    return dict(reduce(over, parts, {}))


def merge(old: Any, new: Any, key: str = "") -> Any:
    """Return values with those of another file or setting merged over them.

    Mappings are merged key by key. A mapping replaces one of another `kind`, and one whose meaning
    depends on a key that changes (`Strategy.replaces`); an empty one replaces any. A mapping whose
    keys are positions changes those items of a list. Everything else is replaced.

    Args:
        old: The values.
        new: The values to merge over them.
        key: The dotted key of both, for messages.

    Raises:
        ConfigurationError: If a list has no such position.
    """
    if isinstance(old, list) and isinstance(new, Mapping):
        return _merge_items(old, new, key)
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return new
    kind = new.get("kind", old.get("kind"))
    if not new or old.get("kind", kind) != kind:
        return dict(new)
    kept = {**old, **{name: {} for name in _dependent(kind, old, new)}}
    return {**kept, **{name: _over(kept, name, new[name], key) for name in new}}


def _dependent(kind: Any, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys of the mappings whose meaning depends on another key that changes."""
    strategies = [family[kind] for family in kinds().values() if str(kind) in family]
    for strategy in strategies:
        for cause, dependent in strategy.replaces.items():
            given = old.get(cause, strategy.model_fields[cause].default)
            if dependent in old and new.get(cause, given) != given:
                yield dependent


def _over(old: Mapping[str, Any], name: str, value: Any, key: str) -> Any:
    """Return the value of a key after merging."""
    if name not in old:
        return value
    return old[name] if value == MISSING else merge(old[name], value, f"{key}.{name}".strip("."))


def _merge_items(old: list[Any], new: Mapping[Any, Any], key: str) -> list[Any]:
    """Return a list with items changed by their positions; the next position adds one."""
    items = list(old)
    for name in new or ("",):
        position = int(name) if str(name).isdecimal() else -1
        if not 0 <= position <= len(items):
            raise ConfigurationError(
                f"it is a list, which has no '{name}': give a position from 0 to {len(items)}, as"
                f" in {key}.0=…, or the whole list, as in {key}=[…]",
                key,
            )
        value = new[name]
        items[position:] = [
            merge(items[position], value, f"{key}.{name}") if position < len(items) else value,
            *items[position + 1 :],
        ]
    return items
