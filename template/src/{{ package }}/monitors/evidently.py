"""Evidently: drift, summary, quality and performance, as one table and one page."""

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
        presets: What is measured: `drift` of each column between reference and current rows,
            `summary` of the columns, `quality` of the table, which `summary` includes, and
            `performance` of the model, where the target is known.
        numbers: How the values of a numeric column are compared, for drift: by a distance, or by
            the p-value of a test (`ks`).
        categories: The same of other columns; `chisquare` gives a p-value.
        drifted: From where on a column has drifted: a distance from, a p-value up to; Evidently's
            own if none is named, which is 0.1 of distances and 0.05 of p-values.
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
            warnings.simplefilter("ignore")  # of what is undefined, which the table says
            snapshot = self.snapshot(problem, reference, current)
            page = str(snapshot.get_html_str(as_iframe=False))
        findings = [*flat(snapshot), *self._emptied(problem, reference, current)]
        return Findings(tabulated(findings), page)

    def snapshot(self, problem: Problem, reference: Watched, current: Watched) -> Any:
        """Return what Evidently makes of the rows.

        Raises:
            DataError: If what is to be measured cannot be, on such rows.
        """
        os.environ.setdefault("DO_NOT_TRACK", "1")
        from evidently import Report

        tables = _tables(problem, current, reference)
        presets = list(self._presets(problem, *tables))
        if not presets:
            raise DataError(
                f"performance cannot be measured without the target '{problem.target.name}': give"
                " it in the reference rows and in the current, or choose other presets"
            )
        datasets = [dataset(table, problem) for table in tables]
        return Report(presets, include_tests=True).run(*datasets)

    def _presets(self, problem: Problem, current: pa.Table, reference: pa.Table) -> Iterator[Any]:
        """Yield Evidently's presets, as far as they can be measured."""
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
        """Yield a finding for each column that Evidently compares with nothing: it has no values.

        One that has values in the reference rows, or in the current, but not in both has drifted.
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
    """Return rows as tables of the same columns: with the target, if it is known of all."""
    labeled = all(each.target is not None for each in watched)
    return [each.table(problem, labeled=labeled) for each in watched]


def _compared(problem: Problem, table: pa.Table) -> list[str]:
    """Return the columns whose drift is measured: all but times, and what follows from others.

    Of the probabilities of two classes, one follows from the other.
    """
    times = {column.name for column in problem.features if column.kind == "time"}
    first = f"probability_{problem.classes[0]}" if len(problem.classes) == BINARY else None
    return [name for name in table.column_names if name not in times and name != first]


def _has_values(table: pa.Table, name: str, *others: pa.Table) -> bool:
    """Tell whether a column holds a value, in each of the tables."""
    for each in (table, *others):
        values = each[name].drop_null()
        if pa.types.is_floating(values.type):
            values = values.filter(pc.is_finite(values))
        if not len(values):
            return False
    return True


def _check_classes(problem: Problem, table: pa.Table, rows: str) -> None:
    """Refuse labels of which a class is missing: what is measured of it would be undefined."""
    name = problem.target.name
    if missing := set(problem.classes) - set(table[name].unique().to_pylist()):
        raise DataError(
            f"performance cannot be measured: no row of the {rows} ones is '{min(missing)}' by"
            f" '{name}'; give more rows, or set labeled=false"
        )
