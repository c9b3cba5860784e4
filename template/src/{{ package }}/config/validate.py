"""From a configuration to the job that it states, or to messages that name file, key and remedy."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from ..errors import ConfigurationError, nearest
from ..jobs import AnyJob
from ..jobs.base import Job
from .load import Configuration

T = TypeVar("T")
MISSING = "it is required, and missing"


def validate(configuration: Configuration) -> Job:
    """Return the job that a configuration states.

    Raises:
        ConfigurationError: With a line for each thing that is wrong.
    """
    adapter: TypeAdapter[Job] = TypeAdapter(AnyJob)
    return conform(configuration, adapter)


def conform(configuration: Configuration, adapter: TypeAdapter[T]) -> T:
    """Return what a configuration states, of whatever type that is.

    Raises:
        ConfigurationError: With a line for each thing that is wrong.
    """
    try:
        return adapter.validate_python(configuration.values)
    except ValidationError as error:
        raise _refusal(error.errors(include_url=False), configuration) from error


def foresee(
    configuration: Configuration, forgive: Callable[[Mapping[str, Any]], bool]
) -> Job | None:
    """Look at the configuration of a job of which not all is known yet.

    Args:
        configuration: What is known of it.
        forgive: Tells whether something that is wrong, as Pydantic says it, may come right.

    Returns:
        The job, if nothing is wrong.

    Raises:
        ConfigurationError: With a line for each other thing that is wrong.
    """
    adapter: TypeAdapter[Job] = TypeAdapter(AnyJob)
    try:
        return adapter.validate_python(configuration.values)
    except ValidationError as error:
        details = [each for each in error.errors(include_url=False) if not forgive(each)]
        if details:
            raise _refusal(details, configuration) from error
        return None


def _refusal(
    details: Sequence[Mapping[str, Any]], configuration: Configuration
) -> ConfigurationError:
    """Return an error with a line for each thing that is wrong."""
    lines = (_message(detail, configuration) for detail in details)
    return ConfigurationError("\n".join(dict.fromkeys(lines)))


def _message(detail: Mapping[str, Any], configuration: Configuration) -> str:
    """Say one thing that is wrong: file, key, what is wrong with it, what was given."""
    key, given = _locate(detail, configuration)
    context = detail.get("ctx", {})
    text = detail["msg"].removeprefix("Value error, ")
    match detail["type"]:
        case "union_tag_not_found":
            key, text = f"{key}.kind".removeprefix("."), MISSING
        case "union_tag_invalid":
            key = f"{key}.kind".removeprefix(".")
            text = _unknown_kind(str(context["tag"]), str(context["expected_tags"]))
        case "missing":
            text = MISSING
        case "value_error":
            pass
        case _:
            text = f"{text[0].lower()}{text[1:]}" + (f", given {given}" if given else "")
    return ": ".join(filter(None, (configuration.origin(key), key, text)))


def _unknown_kind(given: str, expected: str) -> str:
    """Name an unknown kind, and what is allowed, of which Pydantic makes a list in text."""
    allowed = re.findall("'([^']+)'", expected)
    return f"unknown kind '{given}'; {nearest(given, allowed)}"


def _locate(detail: Mapping[str, Any], configuration: Configuration) -> tuple[str, str]:
    """Return the dotted key that an error is about, and what was stated there.

    Pydantic's location also holds the kinds by which unions were told apart: these are no keys.
    """
    path: list[str] = []
    value: Any = configuration.values
    stated: Any = configuration.stated
    for part in detail["loc"]:
        inside = value
        if (isinstance(inside, dict) and part in inside) or (
            isinstance(inside, list) and isinstance(part, int) and part < len(inside)
        ):
            path.append(str(part))
            value = inside[part]
            stated = stated[part] if isinstance(stated, dict | list) else None
    if detail["type"] == "missing":
        path.append(str(detail["loc"][-1]))
    return ".".join(path), "" if isinstance(stated, dict | list) else repr(stated)
