"""Selections of components that the tests render, from the catalogue as plain data."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from itertools import chain, combinations
from random import Random
from typing import Any

import yaml
from rendering import ROOT, Answers

STATED = yaml.safe_load((ROOT / "interview/families.yml").read_text(encoding="utf-8"))
REQUIRED = tuple(each["id"] for each in STATED if each.get("minimum"))


@cache
def shown() -> tuple[dict[str, Any], ...]:
    """Return every entry of the catalogue, as plain data, in a stable order."""
    files = sorted((ROOT / "components").glob("*/*.yml"))
    return tuple(yaml.safe_load(file.read_text(encoding="utf-8")) for file in files)


def catalogue() -> tuple[dict[str, Any], ...]:
    """Return the entries that can be chosen."""
    return tuple(entry for entry in shown() if "withheld" not in entry)


def ids(family: str) -> list[str]:
    """Return the ids of a family, in the order they are shown."""
    members = [entry for entry in catalogue() if entry["family"] == family]
    return [
        entry["id"] for entry in sorted(members, key=lambda entry: (entry["order"], entry["id"]))
    ]


def families() -> list[str]:
    """Return every family that has a component."""
    return sorted({entry["family"] for entry in catalogue()})


def everything() -> dict[str, Any]:
    """Return the largest selection; components that conflict with it are in others of `maximal`."""
    return beside(all_ids())


def light() -> dict[str, Any]:
    """Return the largest selection without the frameworks after the first."""
    return beside(light_ids())


def all_ids() -> list[str]:
    """Return every component."""
    return [entry["id"] for entry in catalogue()]


def light_ids() -> list[str]:
    """Return every component but the frameworks after the first."""
    return [id_ for id_ in all_ids() if id_ not in ids("models")[1:]]


def beside(wanted: Iterable[str]) -> dict[str, Any]:
    """Return a selection of components, without those that conflict with others."""
    return maximal(wanted)[0]


def maximal(wanted: Iterable[str]) -> list[dict[str, Any]]:
    """Return a few maximal selections that together contain each of the given components.

    A component whose requirements are not among the given ones is in none.
    """
    possible = set(wanted)
    possible -= set(unmet(possible))
    ordered = sorted(
        (entry for entry in catalogue() if entry["id"] in possible),
        key=lambda entry: (entry["order"], entry["id"]),
    )
    left = [entry["id"] for entry in ordered]
    found: list[dict[str, Any]] = []
    while left or not found:
        first = [id_ for entry in ordered if entry["id"] in left for id_ in together_ids(entry)]
        candidates = [*first, *(entry["id"] for entry in ordered)]
        chosen = without_conflicts([id_ for id_ in candidates if id_ in possible], conflicting())
        chosen = [id_ for id_ in chosen if id_ not in unmet(chosen)]
        assert not left or set(left) & set(chosen), f"these components cannot be chosen: {left}"
        left = [id_ for id_ in left if id_ not in chosen]
        found.append(by_family(chosen))
    return found


def without_conflicts(ids: Iterable[str], pairs: Collection[frozenset[str]]) -> list[str]:
    """Return the components without conflicts; earlier ones take precedence."""
    chosen: list[str] = []
    for id_ in dict.fromkeys(ids):
        if not any(frozenset({id_, other}) in pairs for other in chosen):
            chosen.append(id_)
    return chosen


def conflicting() -> set[frozenset[str]]:
    """Return the pairs that cannot be combined: by a rule, or as only one of them can be chosen."""
    single = [frozenset(pair) for pair in combinations(ids("ci"), 2)]
    stated = [
        frozenset({entry["id"], conflict["component"]})
        for entry in catalogue()
        for conflict in entry.get("conflicts", [])
    ]
    return {*single, *stated}


def by_family(chosen: Collection[str]) -> dict[str, Any]:
    """Return components as answers."""
    found = {family: [id_ for id_ in ids(family) if id_ in chosen] for family in families()}
    return found | {"ci": (found["ci"] or ["none"])[0]}


def each_family() -> dict[str, Any]:
    """Return the first component of every family, with its requirements."""
    first = [ids(family)[0] for family in families()]
    return least() | together(*(entry for entry in catalogue() if entry["id"] in first))


def least() -> dict[str, Any]:
    """Return the smallest selection: the first component of each required family."""
    chosen: dict[str, Any] = {family: [] for family in families()}
    required = {family: ids(family)[:1] for family in REQUIRED}
    return chosen | required | {"ci": "none"}


def selected(answers: Answers) -> list[dict[str, Any]]:
    """Return the entries of the chosen components."""
    chosen = set(
        chain.from_iterable(
            [value] if isinstance(value, str) else value
            for key, value in answers.items()
            if key in families()
        )
    )
    return [entry for entry in catalogue() if entry["id"] in chosen]


def alone() -> dict[str, dict[str, Any]]:
    """Return, for each component, the smallest selection with it and its requirements."""
    return {entry["id"]: least() | together(entry) for entry in catalogue()}


def together(*entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return components and their requirements, by family."""
    wanted = {id_ for entry in entries for id_ in together_ids(entry)}
    found: dict[str, Any] = {}
    for family in families():
        if chosen := [id_ for id_ in ids(family) if id_ in wanted]:
            found[family] = chosen[0] if family == "ci" else chosen
    return found


def together_ids(entry: Mapping[str, Any]) -> list[str]:
    """Return the requirements of a component, and the component."""
    return [*needed(entry), entry["id"]]


def meeting(need: Mapping[str, Any]) -> list[str]:
    """Return the components that satisfy a requirement, in the order they are shown."""
    members = sorted(catalogue(), key=lambda entry: (entry["order"], entry["id"]))
    return [
        entry["id"]
        for entry in members
        if entry["id"] == need.get("component")
        or entry["family"] == need.get("family")
        or need.get("capability", "") in entry.get("provides", [])
    ]


def needed(entry: Mapping[str, Any]) -> list[str]:
    """Return the components that satisfy the requirements of an entry, the first for each."""
    by_id = {each["id"]: each for each in catalogue()}
    found: list[str] = []
    for need in entry.get("requires", []):
        first = meeting(need)[0]
        found += [*needed(by_id[first]), first]
    return list(dict.fromkeys(found))


def some(seed: int) -> dict[str, Any]:
    """Return a random valid selection."""
    random = Random(seed)
    share = random.choice([0.2, 0.5, 0.8])
    chosen = beside(entry["id"] for entry in catalogue() if random.random() < share)
    for family in REQUIRED:
        chosen[family] = chosen[family] or ids(family)[:1]
    return chosen


def unmet(chosen: Collection[str]) -> list[str]:
    """Return the components whose requirements are not met among them, and their dependents."""
    left = set(chosen)
    gone: list[str] = []
    while True:
        lacking = [
            entry["id"]
            for entry in catalogue()
            if entry["id"] in left
            and not all(left & set(meeting(need)) for need in entry.get("requires", []))
        ]
        if not lacking:
            return gone
        gone += lacking
        left -= set(lacking)


def pairs(family: str) -> dict[str, dict[str, Any]]:
    """Return, for each pair of components of a family, the smallest selection with both."""
    entries = [entry for entry in catalogue() if entry["family"] == family]
    return {
        f"{one['id']} and {other['id']}": least() | together(one, other)
        for one, other in combinations(entries, 2)
    }


def absent() -> dict[str, dict[str, Any]]:
    """Return, for each optional component, the largest selection without it."""
    found = {}
    for entry in catalogue():
        answers = beside(other["id"] for other in catalogue() if other != entry)
        if all(answers[family] for family in REQUIRED):
            found[entry["id"]] = answers
    return found
