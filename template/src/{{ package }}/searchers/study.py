"""A search that is persisted as a study of Optuna."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import JsonValue

from .base import Outcome, Search, State, Trial
from .space import Choice, Dimension

if TYPE_CHECKING:
    import optuna
    from optuna.samplers import BaseSampler


class StudySearch(Search):
    """A search that Optuna persists."""

    def __init__(
        self,
        study: "optuna.Study",
        dimensions: Mapping[str, Dimension],
        sampler: "Callable[..., BaseSampler]",
        count: int,
    ) -> None:
        """Resume a study; interrupted trials are returned by `ask` first.

        Args:
            study: The trials so far.
            dimensions: The dimensions of the space, by dotted key.
            sampler: Returns the sampler of a trial, by its number, or of one of its values, by
                number and index of the dimension.
            count: The number of trials.
        """
        self._study = study
        self._dimensions = dimensions
        self._sampler = sampler
        self._count = count
        self._running: dict[int, optuna.Trial] = {}
        trials = study.get_trials(deepcopy=False)
        self._interrupted = [trial for trial in trials if not trial.state.is_finished()]

    def ask(self, count: int) -> Sequence[Trial]:
        """See `Search.ask`."""
        import optuna

        asked = []
        if self._interrupted:
            interrupted, self._interrupted = self._interrupted, []
            for frozen in interrupted:
                self._choose(frozen.number)
                asked.append(self._trial(optuna.Trial(self._study, frozen._trial_id)))
            return asked
        known = len(self._study.get_trials(deepcopy=False))
        for number in range(known, min(known + count, self._count)):
            self._choose(number)
            asked.append(self._trial(self._study.ask()))
        return asked

    def _choose(self, number: int, *place: int) -> None:
        """Use the sampler of a trial, or of one of its values."""
        with warnings.catch_warnings():  # some samplers of Optuna are experimental
            warnings.simplefilter("ignore")
            self._study.sampler = self._sampler(number, *place)

    def _trial(self, running: "optuna.Trial") -> Trial:
        """Return a trial with a value for each dimension, from the current sampler."""
        _ = running.relative_params  # sampled jointly, which some versions defer
        self._running[running.number] = running
        values: dict[str, JsonValue] = {}
        for place, (key, dimension) in enumerate(self._dimensions.items()):
            self._choose(running.number, place)
            with warnings.catch_warnings():  # the range is not a multiple of its step
                warnings.simplefilter("ignore")
                values[key] = _suggested(running, key, dimension)
        return Trial(running.number, values)

    def report(self, trial: Trial, step: int, value: float) -> bool:
        """See `Search.report`."""
        running = self._running[trial.number]
        with warnings.catch_warnings():  # it was reported before an interruption
            warnings.simplefilter("ignore")
            running.report(value, step)
        return not running.should_prune()

    def tell(self, trial: Trial, state: State, value: float | None) -> None:
        """See `Search.tell`."""
        from optuna.trial import TrialState

        del self._running[trial.number]
        if state == "complete":
            self._study.tell(trial.number, value)
        else:
            told = TrialState.PRUNED if state == "pruned" else TrialState.FAIL
            self._study.tell(trial.number, state=told)

    def outcomes(self) -> Sequence[Outcome]:
        """See `Search.outcomes`."""
        from optuna.trial import TrialState

        states: dict[TrialState, State] = {
            TrialState.COMPLETE: "complete",
            TrialState.PRUNED: "pruned",
            TrialState.FAIL: "failed",
        }
        return [
            Outcome(
                Trial(trial.number, self._values(trial.params)),
                states[trial.state],
                trial.value if trial.value is not None else _last(trial.intermediate_values),
            )
            for trial in self._study.get_trials(deepcopy=False)
            if trial.state in states
        ]

    def _values(self, parameters: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """Decode the values of Optuna."""
        return {
            key: _meant(dimension, parameters[key]) for key, dimension in self._dimensions.items()
        }


def _suggested(trial: "optuna.Trial", key: str, dimension: Dimension) -> JsonValue:
    """Let Optuna suggest the value of a dimension."""
    if isinstance(dimension, Choice):
        places = range(len(dimension.values))
        return dimension.values[trial.suggest_categorical(key, list(places))]
    if dimension.whole:
        low, high, step = int(dimension.low), int(dimension.high), int(dimension.step or 1)
        return trial.suggest_int(key, low, high, step=step, log=dimension.log)
    return trial.suggest_float(
        key, dimension.low, dimension.high, step=dimension.step, log=dimension.log
    )


def _meant(dimension: Dimension, value: JsonValue) -> JsonValue:
    """Decode a value of Optuna, which represents a choice by its index."""
    if isinstance(dimension, Choice) and isinstance(value, int):
        return dimension.values[value]
    return value


def _last(values: Mapping[int, float]) -> float | None:
    """Return the intermediate value of the last step, if any."""
    return values[max(values)] if values else None
