"""Evidently: drift, data summary, quality and performance."""

import os
import warnings
from collections.abc import Iterator
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from ..errors import DataError
from ..tasks import task_of
from ..tasks.base import Problem
from .base import Monitor, Watched
from .findings import Finding, Findings, tabulated
from .snapshots import BINARY, dataset, flat


class EvidentlyMonitor(Monitor):
    """Evidently's presets; every method is deterministic.

    Attributes:
        kind: `evidently`.
        presets: The presets: `drift` of each column between reference and current rows, `summary`
            of the columns, `quality` of the table, which `summary` includes, and `performance` of
            the model, if the target is known.
        numbers: The drift method of numeric columns: a distance, or the p-value of a test (`ks`).
        categories: The drift method of other columns; `chisquare` gives a p-value.
        drifted: The drift threshold: the lowest distance, or the highest p-value; by default
            Evidently's, which is 0.1 for distances and 0.05 for p-values.
    """

    kind: Literal["evidently"] = "evidently"
    presets: tuple[Literal["drift", "summary", "quality", "performance"], ...] = Field(
        ("drift", "summary", "performance"), min_length=1
    )
    numbers: Literal["wasserstein", "jensenshannon", "psi", "ks"] = "wasserstein"
    categories: Literal["jensenshannon", "psi", "chisquare"] = "jensenshannon"
    drifted: float | None = Field(None, gt=0)

    def watch(self, problem: Problem, reference: Watched, current: Watched) -> Findings:
        """See `Monitor.watch`."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # undefined values are reported in the table
            snapshot = self.snapshot(problem, reference, current)
            page = str(snapshot.get_html_str(as_iframe=False))
        findings = [*flat(snapshot), *self._emptied(problem, reference, current)]
        return Findings(tabulated(findings), page)

    def snapshot(self, problem: Problem, reference: Watched, current: Watched) -> Any:
        """Compute Evidently's snapshot.

        Raises:
            DataError: If a preset cannot be computed on such rows.
        """
        os.environ.setdefault("DO_NOT_TRACK", "1")
        from evidently import Report

        tables = _tables(problem, current, reference)
        presets = list(self._presets(problem, *tables))
        if not presets:
            raise DataError(
                f"performance cannot be computed without the target '{problem.target.name}':"
                " provide it in the reference and the current data, or choose other presets"
            )
        datasets = [dataset(table, problem) for table in tables]
        return Report(presets, include_tests=True).run(*datasets)

    def _presets(self, problem: Problem, current: pa.Table, reference: pa.Table) -> Iterator[Any]:
        """Yield the presets that can be computed."""
        from evidently import presets

        names = set(self.presets)
        if "drift" in names:
            columns = _compared(problem, current)
            held = [name for name in columns if _has_values(current, name, reference)]
            yield presets.DataDriftPreset(
                columns=held,
                num_method=self.numbers,
                cat_method=self.categories,
                threshold=self.drifted,
            )
        if "summary" in names:
            yield presets.DataSummaryPreset()
        if "quality" in names:
            yield presets.DatasetStats()
        if "performance" in names and problem.target.name in current.column_names:
            for rows, table in (("current", current), ("reference", reference)):
                _check_classes(problem, table, rows)
            is_classification = task_of(problem.task).is_classification
            yield (
                presets.ClassificationPreset() if is_classification else presets.RegressionPreset()
            )

    def _emptied(self, problem: Problem, reference: Watched, current: Watched) -> Iterator[Finding]:
        """Yield a finding for each column without values, which Evidently skips.

        A column with values in only one of reference and current rows has drifted.
        """
        if "drift" not in self.presets:
            return
        now, before = _tables(problem, current, reference)
        for name in _compared(problem, now):
            if _has_values(now, name, before):
                continue
            both = not _has_values(now, name) and not _has_values(before, name)
            passed = None if both else False
            yield Finding("ValueDrift", float("nan"), name, {}, self.drifted, passed)


def _tables(problem: Problem, *watched: Watched) -> list[pa.Table]:
    """Return samples as tables with the same columns: with the target, if all have it."""
    labeled = all(each.target is not None for each in watched)
    return [each.table(problem, labeled=labeled) for each in watched]


def _compared(problem: Problem, table: pa.Table) -> list[str]:
    """Return the columns whose drift is computed: all but times and redundant ones.

    Of the probabilities of two classes, one is redundant.
    """
    times = {column.name for column in problem.features if column.kind == "time"}
    first = f"probability_{problem.classes[0]}" if len(problem.classes) == BINARY else None
    return [name for name in table.column_names if name not in times and name != first]


def _has_values(table: pa.Table, name: str, *others: pa.Table) -> bool:
    """Return, for each table, whether a column has any value."""
    for each in (table, *others):
        values = each[name].drop_null()
        if pa.types.is_floating(values.type):
            values = values.filter(pc.is_finite(values))
        if not len(values):
            return False
    return True


def _check_classes(problem: Problem, table: pa.Table, rows: str) -> None:
    """Reject labels without one of the classes: its metrics would be undefined."""
    name = problem.target.name
    if missing := set(problem.classes) - set(table[name].unique().to_pylist()):
        raise DataError(
            f"performance cannot be computed: no row of the {rows} ones is '{min(missing)}' by"
            f" '{name}'; provide more rows, or set labeled=false"
        )
