"""Bayesian search by Optuna."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from .space import Dimension
from .studies import StudySearcher

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler


class OptunaSearcher(StudySearcher):
    """Tree-structured Parzen estimators (TPE).

    Bergstra et al., Algorithms for Hyper-Parameter Optimization, NeurIPS (2011); Akiba et al.,
    Optuna: A Next-generation Hyperparameter Optimization Framework, KDD (2019).

    Attributes:
        kind: `optuna`.
        explore: The number of random trials at the start.
    """

    kind: Literal["optuna"] = "optuna"
    explore: int = Field(10, ge=1)

    def sampler(self, dimensions: Mapping[str, Dimension], seed: int, number: int) -> "BaseSampler":
        """See `StudySearcher.sampler`."""
        del dimensions, number
        from optuna.samplers import TPESampler

        return TPESampler(
            n_startup_trials=self.explore,
            multivariate=True,
            constant_liar=True,
            seed=seed,
        )
