"""Random search."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from .space import Dimension
from .studies import StudySearcher

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler


class RandomSearcher(StudySearcher):
    """Random search: values drawn uniformly within their bounds.

    Bergstra and Bengio, Random Search for Hyper-Parameter Optimization, JMLR 13 (2012).
    """

    kind: Literal["random"] = "random"

    def sampler(self, dimensions: Mapping[str, Dimension], seed: int, number: int) -> "BaseSampler":
        """See `StudySearcher.sampler`."""
        del dimensions, number
        from optuna.samplers import RandomSampler

        return RandomSampler(seed=seed)
