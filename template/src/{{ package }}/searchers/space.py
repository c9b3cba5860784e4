"""Search spaces: which hyperparameters of a model are searched, and within which bounds."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError, model_validator


class Range(BaseModel):
    """A range of numbers, including both bounds.

    Attributes:
        low: The lower bound; the range is of integers if it, `high` and `step` are.
        high: The upper bound.
        log: Whether the range is sampled on a logarithmic scale.
        step: The distance between values; continuous by default, or 1 for integers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: int | float
    high: int | float
    log: bool = False
    step: int | float | None = None

    @model_validator(mode="after")
    def _check_bounds(self) -> "Range":
        if not self.low < self.high:
            raise ValueError("low must be below high")
        if self.log and self.low <= 0:
            raise ValueError("a logarithmic range needs a low above 0")
        if self.log and self.step is not None:
            raise ValueError("log and step are mutually exclusive")
        if self.step is not None and self.step <= 0:
            raise ValueError("step must be above 0")
        return self

    @property
    def whole(self) -> bool:
        """Whether the range is of integers."""
        return all(isinstance(each, int) for each in (self.low, self.high, self.step or 1))

    @property
    def values(self) -> tuple[JsonValue, ...] | None:
        """All values in ascending order, if the range is finite."""
        if self.log or (self.step is None and not self.whole):
            return None
        step = self.step or 1
        count = int((self.high - self.low) / step + 1e-9) + 1
        return tuple(self.low + at * step for at in range(count))

    @property
    def extremes(self) -> tuple[JsonValue, ...]:
        """The bounds."""
        return (self.low, self.high)


class Choice(BaseModel):
    """A categorical choice.

    Attributes:
        values: The choices.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    values: tuple[JsonValue, ...]

    @model_validator(mode="after")
    def _check_values(self) -> "Choice":
        if not self.values:
            raise ValueError("name at least one value")
        return self

    @property
    def extremes(self) -> tuple[JsonValue, ...]:
        """All values."""
        return self.values


Dimension = Range | Choice


class Space(BaseModel):
    """The search space of one kind of model, nested as the model itself is.

    A list is a choice of values; a mapping with `low` and `high` is a range.

    Attributes:
        kind: The kind of model.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, JsonValue]

    kind: str

    @model_validator(mode="after")
    def _check_dimensions(self) -> "Space":
        if not self.dimensions:
            raise ValueError("name at least one parameter to search")
        return self

    @property
    def dimensions(self) -> dict[str, Dimension]:
        """The dimensions, by dotted key, in the order of the configuration."""
        return dict(_dimensions(self.__pydantic_extra__))


def _dimensions(nested: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Dimension]]:
    """Yield each dimension with its dotted key."""
    for name, value in nested.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict) and not {"low", "high"} & value.keys():
            yield from _dimensions(value, f"{key}.")
        else:
            yield key, _dimension(key, value)


def _dimension(key: str, value: Any) -> Dimension:
    """Read one dimension."""
    try:
        if isinstance(value, list):
            return Choice(values=tuple(value))
        if isinstance(value, dict):
            return Range.model_validate(value)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        place = ".".join(map(str, (key, *detail["loc"])))
        raise ValueError(f"{place}: {detail['msg'].removeprefix('Value error, ')}") from error
    raise ValueError(f"{key}: give a list of values, or a range as {{low: 0.1, high: 1}}")
