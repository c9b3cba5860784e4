"""Evidently's snapshots: their inputs, and the export of their values."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from ..tasks.base import Problem
from .findings import Finding

BINARY = 2

# Besides drawing options of a metric's configuration, which are all booleans.
NO_PARAMETERS = {
    "type",
    "column",
    "columns",
    "tests",
    "mean_tests",
    "std_tests",
    "share_tests",
    "regression_name",
    "classification_name",
}


def dataset(table: pa.Table, problem: Problem) -> Any:
    """Convert a table to Evidently's dataset.

    Args:
        table: Features, predictions and, if known, the target.
        problem: The problem of the model.
    """
    import evidently
    import pandas as pd

    numbers: list[str] = []
    categories: list[str] = []
    times: list[str] = []
    values = {}
    for name, kind in zip(table.column_names, table.schema.types, strict=True):
        if pa.types.is_string(kind):
            categories.append(name)
            values[name] = np.array(table[name].to_pylist(), dtype=object)
        else:
            (times if pa.types.is_timestamp(kind) else numbers).append(name)
            values[name] = table[name].to_numpy()
    known = problem.target.name in table.column_names
    definition = evidently.DataDefinition(
        numerical_columns=numbers,
        categorical_columns=categories,
        datetime_columns=times,
        classification=[_classes(problem)] if known and problem.classes else None,
        regression=[_number(problem)] if known and not problem.classes else None,
    )
    return evidently.Dataset.from_pandas(pd.DataFrame(values), data_definition=definition)


def _classes(problem: Problem) -> Any:
    """Return the classification columns in Evidently's terms."""
    import evidently

    target, predicted = problem.target.name, "prediction"
    if len(problem.classes) != BINARY:
        return evidently.MulticlassClassification(target=target, prediction_labels=predicted)
    return evidently.BinaryClassification(
        target=target,
        prediction_labels=predicted,
        prediction_probas=f"probability_{problem.classes[1]}",
        pos_label=problem.classes[1],
    )


def _number(problem: Problem) -> Any:
    """Return the regression columns in Evidently's terms."""
    import evidently

    return evidently.Regression(target=problem.target.name, prediction="prediction")


def flat(snapshot: Any) -> Iterator[Finding]:
    """Yield every value of a snapshot, joined with the tests of that value alone."""
    tests: dict[tuple[str, str, str | None], list[Any]] = {}
    for test in snapshot.tests_results:
        part, label = _tested(test.bound_test)
        tests.setdefault((test.metric_config.metric_id, part, label), []).append(test)
    for id_, result in snapshot.metric_results.items():
        config = result.metric_value_location.metric.params
        for part, label, value in _values(result):
            about = tests.get((id_, part, label), [])
            yield Finding(
                metric=config["type"].rpartition(":")[2] + (f".{part}" if part else ""),
                value=float(value),
                column=config.get("column"),
                parameters=_parameters(config) | ({} if label is None else {"label": label}),
                threshold=_threshold(config, about),
                passed=all(test.status.value == "SUCCESS" for test in about) if about else None,
            )


def _values(result: Any) -> Iterator[tuple[str, str | None, float]]:
    """Yield the values of a metric: its component, its label, and the number."""
    match type(result).__name__:
        case "CountValue":
            yield "count", None, result.count.value
            yield "share", None, result.share.value
        case "MeanStdValue":
            yield "mean", None, result.mean.value
            yield "std", None, result.std.value
        case "ByLabelValue":
            yield from (("", str(label), each.value) for label, each in result.values.items())
        case "ByLabelCountValue":
            yield from (("count", str(label), each.value) for label, each in result.counts.items())
            yield from (("share", str(label), each.value) for label, each in result.shares.items())
        case _:
            yield "", None, result.value


def _tested(bound: Any) -> tuple[str, str | None]:
    """Return the component and the label of a metric that a test concerns."""
    label = getattr(bound, "label", None)
    part = getattr(bound, "slot", "")
    if hasattr(bound, "is_count"):
        part = "count" if bound.is_count else "share"
    if hasattr(bound, "is_mean"):
        part = "mean" if bound.is_mean else "std"
    return part, None if label is None else str(label)


def _parameters(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a metric in a form that JSON can express."""
    return {
        key: getattr(value, "value", value)
        for key, value in config.items()
        if key not in NO_PARAMETERS and value is not None and not isinstance(value, bool)
    }


def _threshold(config: Mapping[str, Any], tests: list[Any]) -> float | None:
    """Return the threshold of a test, if it is a single constant."""
    for stated in [*(test.test_config for test in tests), config if tests else {}]:
        for key in ("threshold", "expected"):
            if isinstance(stated.get(key), int | float):
                return float(stated[key])
    return None
