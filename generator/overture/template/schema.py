"""The JSON Schema of an answers file."""

from overture.template.interview import Interview
from overture.template.questions import Posed

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def answers_schema(interview: Interview) -> dict[str, object]:
    """Return the JSON Schema of answers files, draft 2020-12.

    The schema states keys and ids. Only the interview validates their combinations.
    """
    return {
        "$schema": _DIALECT,
        "title": "Answers to Overture's interview",
        "type": "object",
        "properties": {posed.key: _property(posed) for posed in interview.posed()},
        # Copier's own keys.
        "patternProperties": {"^_": {"type": ["string", "null"]}},
        "additionalProperties": False,
    }


def _property(posed: Posed) -> dict[str, object]:
    stated: dict[str, object] = {"description": posed.question.help}
    if "{" not in str(posed.question.default):  # otherwise it depends on other answers
        stated["default"] = posed.default()
    if not posed.choices:
        return {**stated, "type": "string"}
    choices = {
        "enum": [choice.id for choice in posed.choices],
        "oneOf": [{"const": choice.id, "title": choice.title} for choice in posed.choices],
    }
    if not posed.question.multiple:
        return {**stated, "type": "string", **choices}
    listed = {"type": "array", "uniqueItems": True, "items": {"type": "string", **choices}}
    return {**stated, **listed, "minItems": 1 if posed.refusals([]) else 0}
