"""What a run is given by whoever starts it, and the configuration that it records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

REFERENCE = "${"


@dataclass(frozen=True)
class RunContext:
    """What a run is given by whoever starts it.

    Attributes:
        stated: The configuration that states the job, before references were resolved; none if the
            job was made in Python.
        parent: The id of the run that starts this one, such as that of a pipeline.
    """

    stated: Mapping[str, Any] = field(default_factory=dict)
    parent: str | None = None


def recorded(values: Any, stated: Any) -> Any:
    """Return what is recorded of a configuration: every default, and no value of the environment.

    Args:
        values: The resolved values, with every default, nested.
        stated: The values that were stated. Of those that hold a reference, such as
            `${oc.env:NAME}`, the reference is recorded in place of what it was resolved to.
    """
    if not _refers(stated):
        return values
    if isinstance(values, dict) and isinstance(stated, dict) and stated.keys() <= values.keys():
        return {key: recorded(value, stated.get(key)) for key, value in values.items()}
    if isinstance(values, list) and isinstance(stated, list) and len(values) == len(stated):
        return [recorded(*pair) for pair in zip(values, stated, strict=True)]
    return stated  # a text, or a shape that validation changed


def _refers(stated: Any) -> bool:
    """Tell whether nested values hold a reference."""
    if isinstance(stated, dict):
        return any(map(_refers, stated.values()))
    if isinstance(stated, list):
        return any(map(_refers, stated))
    return isinstance(stated, str) and REFERENCE in stated
