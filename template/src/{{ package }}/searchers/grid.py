"""Grid search."""

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Literal

from ..errors import ConfigurationError
from .space import Choice, Dimension
from .studies import StudySearcher

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler


class GridSearcher(StudySearcher):
    """Grid search: every combination of values."""

    kind: Literal["grid"] = "grid"

    def check(self, dimensions: Mapping[str, Dimension]) -> None:
        """See `Searcher.check`: every dimension must be finite."""
        for key, dimension in dimensions.items():
            if dimension.values is None:
                raise ConfigurationError(
                    "a grid needs a finite number of values: list them, or set a step",
                    f"space.{key}",
                )
        if (count := self.count(dimensions)) > self.trials:
            raise ConfigurationError(
                f"the grid has {count} combinations: allow as many trials, or use random search",
                "searcher.trials",
            )

    def count(self, dimensions: Mapping[str, Dimension]) -> int:
        """See `StudySearcher.count`."""
        return prod(len(dimension.values or ()) for dimension in dimensions.values())

    def sampler(self, dimensions: Mapping[str, Dimension], seed: int, number: int) -> "BaseSampler":
        """See `StudySearcher.sampler`."""
        from optuna.samplers import PartialFixedSampler, RandomSampler

        places = (
            range(len(dimension.values or ()))
            if isinstance(dimension, Choice)
            else dimension.values
            for dimension in dimensions.values()
        )
        combination = list(product(*(place or () for place in places)))[number]
        fixed = dict(zip(dimensions, combination, strict=True))
        return PartialFixedSampler(fixed, RandomSampler(seed=seed))
