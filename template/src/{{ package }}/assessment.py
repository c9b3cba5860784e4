"""Assessment: what a run says about a fitted model."""

from collections.abc import Callable, Iterable, Sequence

import pyarrow as pa

from .errors import ConfigurationError
from .importance import importance, importance_plot
from .metrics.base import Metric
from .models.base import Predictor
from .runs import Run
from .scoring import score
from .tasks import task_of
from .tasks.base import Task


def check_metrics(metrics: Sequence[Metric], task: Task) -> None:
    """Refuse a metric of another task.

    Raises:
        ConfigurationError: If one is; it names the metric and both tasks.
    """
    for metric in metrics:
        if metric.task != task.kind:
            raise ConfigurationError(
                f"the metric '{metric.kind}' is for {metric.task}, and the task is {task.kind}",
                "metrics",
            )


def assess(
    run: Run,
    predictor: Predictor,
    batches: Iterable[pa.RecordBatch],
    metrics: Sequence[Metric],
    seed: int,
    advance: Callable[[int], None],
) -> int:
    """Measure a model on rows, and add metrics and plots to a run.

    Args:
        run: What gains metrics and figures.
        predictor: The fitted model.
        batches: Rows with the features and the target, at least one.
        metrics: What is measured; the task's own if none is named.
        seed: What every random choice follows from.
        advance: Told how many rows each batch had.

    Returns:
        How many rows there were.
    """
    problem = predictor.problem
    task = task_of(problem.task)
    measured = tuple(metrics) or task.metrics()
    scores = score(predictor, measured, batches, seed, advance)
    run.metrics.update(scores.metrics)
    run.figures.update(task.plots(scores.sample.truth, scores.sample.scores, problem))
    losses = importance(predictor, scores.sample, measured[0], seed)
    run.figures["Importance"] = importance_plot(losses, measured[0].kind)
    return scores.rows
