"""The base of every strategy: a piece of configuration that also does the work."""

from collections.abc import Iterator
from typing import Annotated, Any, Never, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import (
    CoreSchema,
    no_info_before_validator_function,
    tagged_union_schema,
)

from .errors import nearest


def _require_kind(schema: JsonDict) -> None:
    """Make a JSON Schema require `kind`, which has a default in Python alone."""
    properties, required = schema.get("properties"), schema.get("required", [])
    if isinstance(properties, dict) and isinstance(required, list) and "kind" in properties:
        schema["required"] = ["kind", *(key for key in required if key != "kind")]


class Strategy(BaseModel):
    """A frozen, validated piece of configuration.

    A family of strategies shares one abstract class with as few methods as its callers need. Each
    implementation names itself by a literal `kind`, by which the family's union tells it apart.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_require_kind)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, given: Any) -> Any:
        """Name an unknown key and the nearest known one, before any other check."""
        for key in given if isinstance(given, dict) else ():
            if key not in cls.model_fields:
                raise ValueError(f"unknown key '{key}'; {nearest(str(key), cls.model_fields)}")
        return given


class ByKind:
    """Tells the members of a union of strategies apart by `kind`, however few there are.

    `Never` stands for no member, so that a union can hold a place that is still empty.
    """

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return a schema that looks at `kind` first, and at that member alone.

        Raises:
            TypeError: If a member has no literal `kind`, or two have the same.
        """
        known: dict[str, Any] = {}
        for member in members(source):
            for kind in kinds_of(member):
                if kind in known:
                    raise TypeError(f"{member} and {known[kind]} have the same kind, '{kind}'")
                known[kind] = member
        if not known:
            return handler.generate_schema(_Nothing)
        choices = {kind: handler(member) for kind, member in known.items()}
        return tagged_union_schema(choices, discriminator="kind")


class OrText:
    """Lets a text stand for the mapping that states a strategy."""

    def __init__(self, key: str, **others: str) -> None:
        """State which key the text is the value of, and the other keys of the mapping."""
        self._key = key
        self._others = others

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return a schema that spells a text out before it is judged."""
        return no_info_before_validator_function(self._spelled_out, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the JSON Schema of both ways to state it."""
        return {"anyOf": [{"type": "string"}, handler(core)]}

    def _spelled_out(self, given: Any) -> Any:
        return {**self._others, self._key: given} if isinstance(given, str) else given


def members(source: Any) -> Iterator[Any]:
    """Yield the members of a union, and those of unions that are told apart by kind within it."""
    if get_origin(source) is Annotated:
        yield from members(get_args(source)[0])
    elif several := get_args(source):
        for member in several:
            yield from members(member)
    elif source is not Never:
        yield source


def kinds_of(member: Any) -> tuple[str, ...]:
    """Return the kinds of a union's member, at least one."""
    field = member.model_fields["kind"]
    if not (kinds := get_args(field.annotation)):
        raise TypeError(f"{member} has no kind of its own: declare kind: Literal['x'] = 'x'")
    return kinds


def _refuse(_: Any) -> Never:
    """Refuse whatever is named where there is no kind at all."""
    raise ValueError("no kind can be named here before there is one: write one of your own")


_Nothing = Annotated[Any, PlainValidator(_refuse), WithJsonSchema({"not": {}})]
