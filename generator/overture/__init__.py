"""Overture writes machine-learning projects from the components that a team chose.

The public surface: `opened` gives a `Source`; `Interview` and `Catalogue` are loaded from its root;
`render` makes a project of them; `OvertureError` is what each of them raises.
"""

from importlib import import_module

_HOMES = {
    "Catalogue": "template.catalogue",
    "Interview": "template.interview",
    "OvertureError": "errors",
    "Source": "template.source",
    "answers_schema": "template.schema",
    "nearest_valid": "template.selection",
    "opened": "template.source",
    "render": "template.rendering",
}

__all__ = [
    "Catalogue",
    "Interview",
    "OvertureError",
    "Source",
    "answers_schema",
    "nearest_valid",
    "opened",
    "render",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value: object = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    return value
