"""The base of every strategy: a configuration with the behavior that it configures."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Never, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
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

NUMBERS = (int, float, int | None, float | None)


def _require_kind(schema: JsonDict) -> None:
    """Make a JSON Schema require `kind`, which has a default in Python alone."""
    properties, required = schema.get("properties"), schema.get("required", [])
    if isinstance(properties, dict) and isinstance(required, list) and "kind" in properties:
        schema["required"] = ["kind", *(key for key in required if key != "kind")]


class Strategy(BaseModel):
    """A frozen, validated configuration.

    A family of strategies shares one abstract class with as few methods as its callers need. Each
    implementation has a literal `kind`, the discriminator of the family's union.

    Attributes:
        replaces: Keys, each with another key whose mapping depends on it: a later configuration
            that changes the first replaces the mapping, instead of changing it key by key.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, json_schema_extra=_require_kind
    )
    replaces: ClassVar[Mapping[str, str]] = {}

    @model_validator(mode="before")
    @classmethod
    def _prepare(cls, given: Any) -> Any:
        """Reject an unknown key, with the closest known one; a mapping that is null is empty."""
        if not isinstance(given, dict):
            return given
        for key in given:
            if key not in cls.model_fields:
                raise ValueError(f"unknown key '{key}'; {nearest(str(key), cls.model_fields)}")
        return {k: v for k, v in given.items() if v is not None or not cls._holds_mapping(k)}

    @classmethod
    def _holds_mapping(cls, key: str) -> bool:
        """Return whether the default of a key is a mapping."""
        default = cls.model_fields[key].get_default(call_default_factory=True)
        return isinstance(default, dict | Strategy)

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_booleans(cls, given: Any, info: ValidationInfo) -> Any:
        """Reject a boolean for a number, which Pydantic would convert."""
        annotation = cls.model_fields[str(info.field_name)].annotation
        if isinstance(given, bool) and annotation in NUMBERS:
            raise ValueError(f"it must be a number, given {str(given).lower()}")
        return given


class ByKind:
    """Discriminates the members of a union of strategies by `kind`, even if there is only one.

    `Never` is no member: it is the placeholder for custom kinds.
    """

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return a schema that validates only the member with the given `kind`.

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
    """Accepts a string as a short form of the mapping that configures a strategy."""

    def __init__(self, key: str, **others: str) -> None:
        """Take the key whose value the string is, and the other keys of the mapping."""
        self._key = key
        self._others = others

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return a schema that expands the short form before validation."""
        return no_info_before_validator_function(self._spelled_out, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the JSON Schema of both forms."""
        return {"anyOf": [{"type": "string"}, handler(core)]}

    def _spelled_out(self, given: Any) -> Any:
        return {**self._others, self._key: given} if isinstance(given, str) else given


def members(source: Any) -> Iterator[Any]:
    """Yield the members of a union, including those of nested unions."""
    if get_origin(source) is Annotated:
        yield from members(get_args(source)[0])
    elif several := get_args(source):
        for member in several:
            yield from members(member)
    elif source is not Never:
        yield source


def kinds_of(member: Any) -> tuple[str, ...]:
    """Return the kinds of a member of a union, at least one."""
    field = member.model_fields["kind"]
    if not (kinds := get_args(field.annotation)):
        raise TypeError(f"{member} has no kind of its own: declare kind: Literal['x'] = 'x'")
    return kinds


def _refuse(_: Any) -> Never:
    """Reject every value of a union without members."""
    raise ValueError("this project has no kind to choose here: add a component, or a custom one")


_Nothing = Annotated[Any, PlainValidator(_refuse), WithJsonSchema({"not": {}})]
