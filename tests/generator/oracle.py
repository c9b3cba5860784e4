"""An independent implementation of the rules, to compare the interview with."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

NEEDED = ("tasks", "models", "datasets", "jobs")
Selection = Mapping[str, Sequence[str]]


def entries(root: Path) -> list[dict[str, Any]]:
    """Return the catalogue as plain data."""
    return [
        yaml.safe_load(file.read_text(encoding="utf-8"))
        for file in (root / "components").glob("*/*.yml")
    ]


def refused(
    catalogue: Iterable[dict[str, Any]], families: Sequence[str], selection: Selection
) -> set[tuple[str, str]]:
    """Return the expected refusals: pairs of family and component, or of family and nothing."""
    known = {entry["id"]: entry for entry in catalogue}
    chosen = [known[id_] for family in families for id_ in selection.get(family, ())]
    wrong = {(family, "") for family in NEEDED if not selection.get(family)}
    for entry in chosen:
        seen = families[: families.index(entry["family"]) + 1]
        beside = [other for other in chosen if other["family"] in seen]
        met = all(
            any(_meets(other, need) for other in beside) for need in entry.get("requires", ())
        )
        rivals = {conflict["component"] for conflict in entry.get("conflicts", ())}
        clear = not any(other["id"] in rivals for other in beside)
        able = set(entry.get("tasks", selection["tasks"])) & set(selection["tasks"])
        if "withheld" in entry or not met or not clear or (selection["tasks"] and not able):
            wrong.add((entry["family"], entry["id"]))
    return wrong


def _meets(entry: dict[str, Any], need: dict[str, Any]) -> bool:
    return "withheld" not in entry and (
        entry["id"] == need.get("component")
        or entry["family"] == need.get("family")
        or need.get("capability", "") in entry.get("provides", ())
    )
