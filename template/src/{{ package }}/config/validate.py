"""Validation of configurations, with messages that name file, key and remedy."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from ..concealing import conceal
from ..errors import ConfigurationError, nearest
from ..jobs import AnyJob
from ..jobs.base import Job
from .load import Configuration

T = TypeVar("T")
MISSING = "it is required, and missing"


def validate(configuration: Configuration) -> Job:
    """Validate the configuration of a job.

    Raises:
        ConfigurationError: With a line for each error.
    """
    adapter: TypeAdapter[Job] = TypeAdapter(AnyJob)
    return conform(configuration, adapter)


def conform(configuration: Configuration, adapter: TypeAdapter[T]) -> T:
    """Validate a configuration against a type.

    Raises:
        ConfigurationError: With a line for each error.
    """
    try:
        return adapter.validate_python(configuration.values)
    except ValidationError as error:
        raise _refusal(error.errors(include_url=False), configuration) from error


def foresee(
    configuration: Configuration, forgive: Callable[[Mapping[str, Any]], bool]
) -> Job | None:
    """Validate the configuration of a job that is not complete yet.

    Args:
        configuration: The known part.
        forgive: Returns whether an error of Pydantic may be due to the missing part.

    Returns:
        The job, if it is valid.

    Raises:
        ConfigurationError: With a line for each other error.
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
    """Return an error with a line for each detail."""
    lines = (_message(detail, configuration) for detail in details)
    return ConfigurationError(conceal("\n".join(dict.fromkeys(lines))))


def _message(detail: Mapping[str, Any], configuration: Configuration) -> str:
    """Describe an error: file, key, message, and the given value."""
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
        case "string_type" if isinstance(detail["input"], int | float):
            text = f"it must be text, given {given}: write it as '\"{given}\"'"
        case "tuple_type":
            text = f"it must be a list, given {given or 'a mapping'}; the empty one is []"
        case "dict_type" | "model_type" | "model_attributes_type" | "mapping_type":
            text = f"it must be a mapping, given {given or 'a list'}"
        case _:
            text = f"{text[0].lower()}{text[1:]}" + (f", given {given}" if given else "")
    return ": ".join(filter(None, (configuration.origin(key), key, text)))


def _unknown_kind(given: str, expected: str) -> str:
    """Describe an unknown kind; Pydantic lists the allowed ones as text."""
    allowed = re.findall("'([^']+)'", expected)
    return f"unknown kind '{given}'; {nearest(given, allowed)}"


def _locate(detail: Mapping[str, Any], configuration: Configuration) -> tuple[str, str]:
    """Return the dotted key of an error, and the given value.

    Pydantic's location also contains the discriminators of unions, which are not keys.
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
    return ".".join(path), "" if isinstance(stated, dict | list) else _yaml(stated)


def _yaml(value: Any) -> str:
    """Return a value as in YAML."""
    return json.dumps(value) if value is None or isinstance(value, bool) else repr(value)
