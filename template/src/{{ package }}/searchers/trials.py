"""Trials: how good a model is with some parameters, on rows that it does not learn from."""

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
from ..models.examples import Examples
from ..splitters.base import Positions

Values = Mapping[str, JsonValue]
Result = float | ProjectError

# What numerical libraries ask when they are loaded: how many threads they may use.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def changed(model: Model, values: Values) -> Model:
    """Return a model with other values at dotted keys.

    Raises:
        ConfigurationError: If the model has no such key, or refuses a value; it names the key.
    """
    stated = model.model_dump(exclude_unset=True)
    for key, value in values.items():
        *parents, name = key.split(".")
        inner: Any = stated
        for parent in parents:
            inner = inner.setdefault(parent, {})
            if not isinstance(inner, dict):
                raise ConfigurationError(f"'{parent}' of the model holds no keys", f"space.{key}")
        inner[name] = value
    try:
        return type(model).model_validate(stated)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        key = ".".join(map(str, ("space", *detail["loc"])))
        raise ConfigurationError(detail["msg"].removeprefix("Value error, "), key) from error


@dataclass(frozen=True)
class Trials:
    """What every trial of a search has in common.

    Attributes:
        examples: The rows.
        train: The positions of those that trials may use, sorted, shape (n,).
        model: What each trial changes.
        metric: What is measured.
        seed: What every random choice follows from.
    """

    examples: Examples
    train: Positions
    model: Model
    metric: Metric
    seed: int

    def score(self, values: Values, fold: int) -> Result:
        """Measure the model with other values on one part of the rows, after it learned the rest.

        Returns:
            The metric; or, if this model cannot be fitted so, why.

        Raises:
            DataError: If the rows cannot be learned from, whatever the values.
        """
        examples = self.examples
        train, test = examples.part(self.train, self.seed + fold + 1)
        problem = examples.problem(train, test)
        try:
            model = changed(self.model, values)
            model.check(examples.task, examples.schema)
            rows, validation = examples.parted(model, train, problem, self.seed)
            predictor = model.fit(rows, FitContext(self.seed, validation))
            tested = examples.rows(test, problem).read()
            scores = score(predictor, (self.metric,), tested, self.seed, lambda _: None)
        except DataError:
            raise
        except ProjectError as error:
            return error
        return scores.metrics[self.metric.kind]


Score = Callable[[Sequence[Values], int], list[Result]]


@contextmanager
def scoring(trials: Trials, workers: int) -> Iterator[Score]:
    """Give a function that measures several values on one part of the rows.

    Args:
        trials: What they have in common.
        workers: How many processes do the work, each with the rows in its own memory; with one, it
            is this process.

    Raises:
        ProjectError: If a process dies, as when memory runs out.
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
            f"one of {workers} processes died, as when memory runs out: use fewer workers; what"
            " was tried is kept, and the same command goes on"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


_given: list[Trials] = []  # to a process that scores, when it begins


def _prepare(trials: Trials, workers: int) -> None:
    """Give a process what it scores, and its share of the processors."""
    _given.append(trials)
    share = max(1, (os.cpu_count() or 1) // workers)
    os.environ.update(dict.fromkeys(THREADS, str(share)))


def _score(values: Values, fold: int) -> Result:
    return _given[0].score(values, fold)
