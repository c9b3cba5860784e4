"""Overture writes machine-learning projects from the components that a team chose.

The functions need no terminal. `create` makes a project; `plan` computes a change of a project,
from answers or from the edits `adding`, `removing` and `setting`; `apply` writes it; `check` tells
whether a project is sound and current. They raise `OvertureError`, and `Refused` where the rules
refuse a selection.
"""

from importlib import import_module

TYPE_CHECKING = False  # type checkers read it as true; importing `typing` would slow `--help`
if TYPE_CHECKING:
    from overture.errors import OvertureError
    from overture.project.creating import create
    from overture.project.edits import adding, removing, setting
    from overture.project.health import check
    from overture.project.planning import apply, plan
    from overture.template.schema import answers_schema
    from overture.template.selection import Refused, nearest_valid
    from overture.template.template import Template

_MODULES = {
    "OvertureError": "errors",
    "Refused": "template.selection",
    "Template": "template.template",
    "adding": "project.edits",
    "answers_schema": "template.schema",
    "apply": "project.planning",
    "check": "project.health",
    "create": "project.creating",
    "nearest_valid": "template.selection",
    "plan": "project.planning",
    "removing": "project.edits",
    "setting": "project.edits",
}

__all__ = [
    "OvertureError",
    "Refused",
    "Template",
    "adding",
    "answers_schema",
    "apply",
    "check",
    "create",
    "nearest_valid",
    "plan",
    "removing",
    "setting",
]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value: object = getattr(import_module(f"overture.{_MODULES[name]}"), name)
    return value
