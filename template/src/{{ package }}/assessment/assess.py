"""Assessment of a fitted model: metrics, plots and feature importance."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

import pyarrow as pa

from ..errors import ConfigurationError
from ..metrics.base import Metric
from ..models.base import Predictor
from ..runs.run import Run
from ..schemas.base import Column
from ..tasks import task_of
from ..tasks.base import Problem, Task
from .importance import importance, importance_plot
from .scoring import Observe, Scores, score


def check_metrics(metrics: Sequence[Metric], task: Task) -> None:
    """Check that metrics are for the task.

    Raises:
        ConfigurationError: If one is for another task; it names the metric and both tasks.
    """
    for metric in metrics:
        if metric.task != task.kind:
            raise ConfigurationError(
                f"the metric '{metric.kind}' is for {metric.task}, but the task is {task.kind}",
                "metrics",
            )


def check_rival(ours: Problem, theirs: Problem, key: str) -> None:
    """Check that two models predict the same target and can be compared.

    Args:
        ours: The problem of the model.
        theirs: The problem of the other model.
        key: The dotted key that names the other model.

    Raises:
        ConfigurationError: If they differ in task, target or classes, or in the kind of a feature.
    """
    for (name, our), their in zip(_facts(ours).items(), _facts(theirs).values(), strict=True):
        if our != their:
            raise ConfigurationError(
                f"it has another problem: its {name} is {their}, but the model's is {our}", key
            )
    kinds = {column.name: column.kind for column in ours.features}
    for column in theirs.features:
        if (kind := kinds.get(column.name, column.kind)) != column.kind:
            raise ConfigurationError(
                f"it reads '{column.name}' as a {column.kind}, but the model as a {kind}: they"
                " cannot be evaluated on the same rows; choose another",
                key,
            )


def _facts(problem: Problem) -> dict[str, str]:
    """Return the properties that comparable problems share."""
    return {
        "task": problem.task,
        "target": f"the {problem.target.kind} '{problem.target.name}'",
        "classes": ", ".join(problem.classes),
    }


def compared(ours: Problem, others: Iterable[Problem]) -> tuple[Column, ...]:
    """Return the columns on which models are compared, with the constraints of the first alone.

    The schema may have declared others when the other models were trained.
    """
    theirs = chain.from_iterable(other.features for other in others)
    bare = (Column(name=column.name, kind=column.kind) for column in theirs)
    return (*ours.features, *bare, ours.target)


def assess(
    run: Run,
    predictor: Predictor,
    batches: Iterable[pa.RecordBatch],
    metrics: Sequence[Metric],
    seed: int,
    advance: Callable[[int], None],
    observe: Observe = lambda *_: None,
) -> Scores:
    """Evaluate a model on rows, and add metrics, plots and tables to a run.

    Args:
        run: The run that receives metrics, figures and tables.
        predictor: The fitted model.
        batches: Rows with the features and the target, at least one.
        metrics: The metrics; the task's defaults if empty.
        seed: The seed of every random choice.
        advance: Called with the number of rows of each batch.
        observe: See `score`.
    """
    problem = predictor.problem
    task = task_of(problem.task)
    measured = tuple(metrics) or task.metrics()
    scores = score(predictor, measured, batches, seed, advance, observe)
    run.metrics.update(scores.metrics)
    run.figures.update(task.plots(scores.sample.truth, scores.sample.outputs, problem))
    run.tables.update(task.tables(scores.sample.truth, scores.sample.outputs, problem))
    losses = importance(predictor, scores.sample, measured[0], seed)
    run.figures["Importance"] = importance_plot(losses, measured[0])
    return scores
