"""Searchers whose trials are persisted and pruned by Optuna."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from ..errors import ProjectError
from .base import Search, Searcher
from .space import Dimension
from .study import StudySearch

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler

FILE = "study.log"


class Pruning(BaseModel):
    """When a trial is pruned.

    Attributes:
        keep: The fraction of the trials that continue: the best after the same number of steps.
        after: The number of trials that complete before any is pruned.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    keep: float = Field(0.5, gt=0, lt=1)
    after: int = Field(5, ge=1)


class StudySearcher(Searcher, ABC):
    """A searcher whose trials are persisted by Optuna.

    Attributes:
        pruning: When a trial is pruned; null for never.
    """

    pruning: Pruning | None = Pruning()

    @abstractmethod
    def sampler(self, dimensions: Mapping[str, Dimension], seed: int, number: int) -> "BaseSampler":
        """Return the sampler of one trial, or of one of its values.

        Args:
            dimensions: The dimensions of the space, by dotted key.
            seed: The seed of every random choice.
            number: The number of the trial.
        """

    def count(self, dimensions: Mapping[str, Dimension]) -> int:
        """Return the number of trials that a space needs."""
        del dimensions
        return self.trials

    def search(
        self,
        dimensions: Mapping[str, Dimension],
        *,
        greater_is_better: bool,
        seed: int,
        folder: Path,
    ) -> Search:
        """See `Searcher.search`."""
        import optuna
        from optuna.storages.journal import JournalFileBackend

        from .lock import ProcessLock

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        pruner: optuna.pruners.BasePruner = optuna.pruners.NopPruner()
        if self.pruning:
            pruner = optuna.pruners.PercentilePruner(
                100 * self.pruning.keep, n_startup_trials=self.pruning.after
            )
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / FILE
        backend = JournalFileBackend(str(file), ProcessLock(file))
        try:
            study = optuna.create_study(
                storage=optuna.storages.JournalStorage(backend),
                study_name=FILE,
                direction="maximize" if greater_is_better else "minimize",
                pruner=pruner,
                load_if_exists=True,
            )
        except (ValueError, KeyError) as error:
            raise ProjectError(f"{file}: not a search: {error}; delete it and retry") from error

        def sampler(number: int, *place: int) -> "BaseSampler":
            # A seed for each trial: a resumed search gives the same trials as an uninterrupted one.
            own = int(np.random.SeedSequence([seed, number, *place]).generate_state(1)[0])
            return self.sampler(dimensions, own, number)

        return StudySearch(study, dimensions, sampler, self.count(dimensions))
