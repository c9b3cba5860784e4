"""Trials: evaluation of a model with given hyperparameters on validation rows."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from pydantic import JsonValue, ValidationError

from ..assessment.scoring import score
from ..errors import ConfigurationError, DataError, ProjectError
from ..metrics.base import Metric
from ..models.base import FitContext, Model
from ..models.fitting import Examples
from ..splitters.base import Positions

Values = Mapping[str, JsonValue]
Result = float | ProjectError

# Environment variables from which numerical libraries take their number of threads.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def changed(model: Model, values: Values) -> Model:
    """Return a model with the values at dotted keys replaced.

    Raises:
        ConfigurationError: If the model has no such key, or a value is invalid; it names the key.
    """
    stated = model.model_dump(exclude_unset=True)
    for key, value in values.items():
        *parents, name = key.split(".")
        inner: Any = stated
        for parent in parents:
            inner = inner.setdefault(parent, {})
            if not isinstance(inner, dict):
                raise ConfigurationError(f"'{parent}' of the model has no keys", f"space.{key}")
        inner[name] = value
    try:
        return type(model).model_validate(stated)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        key = ".".join(map(str, ("space", *detail["loc"])))
        raise ConfigurationError(detail["msg"].removeprefix("Value error, "), key) from error


@dataclass(frozen=True)
class Trials:
    """What all trials of a search share.

    Attributes:
        examples: The labeled rows.
        train: The positions of the rows that trials use, sorted, shape (n,).
        model: The model that each trial modifies.
        metric: The metric that is optimized.
        seed: The seed of every random choice.
    """

    examples: Examples
    train: Positions
    model: Model
    metric: Metric
    seed: int

    def score(self, values: Values, fold: int) -> Result:
        """Fit the model with given values, and evaluate it on the validation rows of a fold.

        Returns:
            The metric; or, if the model cannot be fitted with these values, the reason.

        Raises:
            DataError: If no model can be fitted to the rows, whatever the values.
        """
        examples = self.examples
        train, test = examples.split(self.train, self.seed + fold + 1)
        try:
            model = changed(self.model, values)
            model.check(examples.task, examples.schema)
            rows = examples.fold(model, train, test, self.seed)
            predictor = model.fit(rows.train, FitContext(self.seed, rows.validation))
            tested = rows.test.read()
            scores = score(predictor, (self.metric,), tested, self.seed, lambda _: None)
        except DataError:
            raise
        except ProjectError as error:
            return error
        return scores.metrics[self.metric.kind]


Score = Callable[[Sequence[Values], int], list[Result]]


@contextmanager
def scoring(trials: Trials, workers: int) -> Iterator[Score]:
    """Yield a function that evaluates several trials on one fold.

    Args:
        trials: What the trials share.
        workers: The number of processes, each with a copy of the rows; with 1, this process does
            the work.

    Raises:
        ProjectError: If a process dies, for example because memory runs out.
    """
    if workers == 1:
        yield lambda several, fold: [trials.score(values, fold) for values in several]
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _prepare, (trials, workers))

    def score(several: Sequence[Values], fold: int) -> list[Result]:
        return list(pool.map(_score, several, [fold] * len(several)))

    try:
        yield score
    except BrokenProcessPool as error:
        raise ProjectError(
            f"one of {workers} processes died, perhaps because memory ran out: use fewer workers;"
            " finished trials are kept, and the same command resumes"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


_given: list[Trials] = []  # set when a worker process starts


def _prepare(trials: Trials, workers: int) -> None:
    """Initialize a worker process with the trials, and its share of the processors."""
    _given.append(trials)
    share = max(1, (os.cpu_count() or 1) // workers)
    os.environ.update(dict.fromkeys(THREADS, str(share)))


def _score(values: Values, fold: int) -> Result:
    return _given[0].score(values, fold)
