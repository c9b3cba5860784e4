"""The base of every strategy: a piece of configuration that also does the work."""

from typing import Annotated, Any, Never, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic_core.core_schema import CoreSchema, tagged_union_schema

from .errors import nearest


class Strategy(BaseModel):
    """A frozen, validated piece of configuration.

    A family of strategies shares one abstract class with as few methods as its callers need. Each
    implementation names itself by a literal `kind`, by which the family's union tells it apart.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

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
        members: dict[str, Any] = {}
        for member in get_args(source) or (source,):
            for kind in _kinds(member):
                if kind in members:
                    raise TypeError(f"{member} and {members[kind]} have the same kind, '{kind}'")
                members[kind] = member
        if not members:
            return handler.generate_schema(_Nothing)
        choices = {kind: handler(member) for kind, member in members.items()}
        return tagged_union_schema(choices, discriminator="kind")


def _kinds(member: Any) -> tuple[str, ...]:
    """Return the kinds of a union's member: none of `Never`, at least one of a strategy."""
    if member is Never:
        return ()
    field = member.model_fields["kind"]
    if not (kinds := get_args(field.annotation)):
        raise TypeError(f"{member} has no kind of its own: declare it, as by kind: Literal['name']")
    return kinds


def _refuse(_: Any) -> Never:
    """Refuse whatever is named where there is no kind at all."""
    raise ValueError("no kind can be named here before there is one: write one of your own")


_Nothing = Annotated[Any, PlainValidator(_refuse), WithJsonSchema({"not": {}})]
