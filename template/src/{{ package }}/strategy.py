"""The base of every strategy: a piece of configuration that also does the work."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from .errors import nearest


class Strategy(BaseModel):
    """A frozen, validated piece of configuration.

    A family of strategies shares one abstract class with as few methods as its callers need. Each
    implementation names itself by a literal `kind`, on which the family's union is discriminated.
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
