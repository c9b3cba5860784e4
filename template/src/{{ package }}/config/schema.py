"""The JSON Schema of configurations, with which editors complete and validate them."""

from typing import Any

from pydantic import TypeAdapter

JSON = dict[str, Any]


def json_schema(statement: TypeAdapter[Any]) -> JSON:
    """Return the JSON Schema of configuration files.

    A file that states a `kind` configures a job or a pipeline as a whole. Any other file is merged
    over one that does, so each key must be one of some job's, and none is required.

    Args:
        statement: The union of the jobs and pipelines.
    """
    whole = statement.json_schema()
    definitions: JSON = whole.pop("$defs")
    alternatives: dict[str, list[JSON]] = {}
    for reference in whole["discriminator"]["mapping"].values():
        for key, value in definitions[reference.rpartition("/")[2]]["properties"].items():
            known = alternatives.setdefault(key, [])
            if value not in known:
                known.append(value)
    part = {
        "properties": {key: {"anyOf": values} for key, values in sorted(alternatives.items())},
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "if": {"required": ["kind"]},
        "then": whole,
        "else": part,
        "$defs": definitions,
    }
