"""The context of a run, and the configuration that it records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

REFERENCE = "${"


@dataclass(frozen=True)
class RunContext:
    """The context in which a run is started.

    Attributes:
        stated: The configuration of the job before references are resolved; none if the job was
            constructed in Python.
        parent: The id of the run that started this one, such as that of a pipeline.
        files: The configuration files.
    """

    stated: Mapping[str, Any] = field(default_factory=dict)
    parent: str | None = None
    files: tuple[str, ...] = ()


def recorded(values: Any, stated: Any) -> Any:
    """Return the recorded form of a configuration: with defaults, without environment values.

    Args:
        values: The resolved values with all defaults, nested.
        stated: The values as written. A reference, such as `${oc.env:NAME}`, is recorded instead
            of its value.
    """
    if not _refers(stated):
        return values
    if isinstance(values, dict) and isinstance(stated, dict) and stated.keys() <= values.keys():
        return {key: recorded(value, stated.get(key)) for key, value in values.items()}
    if isinstance(values, list) and isinstance(stated, list) and len(values) == len(stated):
        return [recorded(*pair) for pair in zip(values, stated, strict=True)]
    return stated  # a text, or a shape that validation changed


def _refers(stated: Any) -> bool:
    """Return whether nested values contain a reference."""
    if isinstance(stated, dict):
        return any(map(_refers, stated.values()))
    if isinstance(stated, list):
        return any(map(_refers, stated))
    return isinstance(stated, str) and REFERENCE in stated
