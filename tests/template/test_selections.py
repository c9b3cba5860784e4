"""The selections that tests render are valid, few, and contain all components."""

from itertools import combinations

from rendering import ROOT
from selections import all_ids, conflicting, maximal, selected, without_conflicts

from overture.template.interview import Interview


def test_every_component_is_in_a_valid_maximal_selection() -> None:
    interview = Interview.load(ROOT)
    found = maximal(all_ids())
    for answers in found:
        assert not interview.resolve(answers).refusals
    assert {entry["id"] for answers in found for entry in selected(answers)} == {*all_ids()}


def test_none_is_a_subset_of_another() -> None:
    chosen = [{entry["id"] for entry in selected(answers)} for answers in maximal(all_ids())]
    assert not [
        pair for pair in combinations(chosen, 2) if pair[0] <= pair[1] or pair[1] <= pair[0]
    ]


def test_conflicting_components_are_not_combined() -> None:
    pairs = {frozenset("ab"), frozenset("bd")}
    assert without_conflicts("abcd", pairs) == ["a", "c", "d"]
    assert without_conflicts("bacd", pairs) == ["b", "c"]
    assert all(len(pair) == 2 for pair in conflicting())
