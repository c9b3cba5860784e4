"""Findings of monitors: values in one table, and the thresholds that they must meet."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from math import isfinite
from typing import Any

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.json_schema import JsonSchemaValue

from ..errors import ConfigurationError, nearest

FINDINGS = pa.schema(
    {
        "metric": pa.string(),
        "column": pa.string(),
        "parameters": pa.string(),
        "value": pa.float64(),
        "threshold": pa.float64(),
        "passed": pa.bool_(),
    }
)


@dataclass(frozen=True)
class Finding:
    """One value that a monitor computed.

    Attributes:
        metric: The metric; a component of it follows a dot, as in `MissingValueCount.share`.
        value: The value; undefined if it is not finite.
        column: The column; none if it concerns the whole table.
        parameters: Further parameters of the metric.
        threshold: The threshold, if it is a single number.
        passed: Whether the value meets its threshold; none if it has none.
    """

    metric: str
    value: float
    column: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    threshold: float | None = None
    passed: bool | None = None


@dataclass(frozen=True)
class Findings:
    """The findings of a monitor.

    Attributes:
        table: A row for each value, with the columns of `FINDINGS`: parameters are JSON; null
            means no column, an undefined value, no threshold, or no verdict.
        page: The monitor's own report, as self-contained HTML.
    """

    table: pa.Table
    page: str


def tabulated(findings: Iterable[Finding]) -> pa.Table:
    """Return findings as a table, with the columns of `FINDINGS`."""
    rows = [
        {
            "metric": each.metric,
            "column": each.column,
            "parameters": json.dumps(each.parameters, sort_keys=True, ensure_ascii=False),
            "value": each.value if isfinite(each.value) else None,
            "threshold": each.threshold,
            "passed": each.passed,
        }
        for each in findings
    ]
    return pa.Table.from_pylist(rows, FINDINGS)


def _or_name(schema: JsonSchemaValue) -> None:
    """Let a JSON Schema accept the name of the metric, too."""
    whole = dict(schema)
    schema.clear()
    schema["anyOf"] = [{"type": "string"}, whole]


class Threshold(BaseModel):
    """A criterion that the values of a metric must meet.

    Attributes:
        metric: Its name in the table of findings; `*` matches any characters.
        column: The column; every column by default.
        min: The lowest acceptable value.
        max: The highest acceptable value; without both, the monitor's own verdict counts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_or_name)

    metric: str
    column: str | None = None
    min: float | None = None
    max: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, given: Any) -> Any:
        return {"metric": given} if isinstance(given, str) else given

    def meets(self, row: Mapping[str, Any]) -> bool:
        """Return whether the threshold matches a finding."""
        named = fnmatchcase(row["metric"], self.metric)
        return named and self.column in (None, row["column"])

    def judged(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Apply the threshold to a finding, which records the bound closest to its value."""
        bounds = [bound for bound in (self.min, self.max) if bound is not None]
        if not bounds:
            return dict(row)
        value = row["value"]
        if value is None:
            return {**row, "threshold": bounds[0], "passed": False}
        above = self.min is None or value >= self.min
        below = self.max is None or value <= self.max
        closest = min(bounds, key=lambda bound: abs(bound - value))
        return {**row, "threshold": closest, "passed": above and below}


def judge(table: pa.Table, thresholds: Sequence[Threshold]) -> tuple[pa.Table, list[str]]:
    """Apply thresholds to findings.

    Returns:
        The findings with their verdicts, and a sentence for each that failed.

    Raises:
        ConfigurationError: If a threshold matches no finding.
    """
    rows, failures = table.to_pylist(), []
    for each in thresholds:
        if not any(each.meets(row) for row in rows):
            names = {row["metric"] for row in rows if each.column in (None, row["column"])}
            message = f"no {_name(each.metric, each.column)} was found; "
            message += nearest(each.metric, names or table["metric"].unique().to_pylist())
            raise ConfigurationError(message, "monitors")
    for at, row in enumerate(rows):
        deciding = [each for each in thresholds if each.meets(row)]
        if not deciding:
            continue
        rows[at] = deciding[-1].judged(row)
        if rows[at]["passed"] is False:
            failures.append(_sentence(rows[at]))
    return pa.Table.from_pylist(rows, FINDINGS), failures


def _name(metric: str, column: str | None) -> str:
    return f"{metric} of '{column}'" if column else metric


def _sentence(row: Mapping[str, Any]) -> str:
    """Describe a failed finding: its value, and the threshold."""
    value = "undefined" if row["value"] is None else f"{row['value']:.6g}"
    bound = "" if row["threshold"] is None else f" (threshold {row['threshold']:g})"
    return f"{_name(row['metric'], row['column'])} is {value}{bound}"
