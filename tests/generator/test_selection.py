"""The closest valid selection: valid, closest, and deterministic."""

from itertools import chain
from typing import Any

import pytest
from generator.conftest import Template
from generator.test_rules import given_as, selections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overture.template.selection import Adjustment, nearest_valid


def changes(template: Template, **answers: object) -> list[str]:
    proposal = nearest_valid(template.interview, template.catalogue, answers)
    assert proposal is not None
    return [str(change) for change in proposal.adjustments]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, []),
        ({"models": ["lightning_x"]}, ["add torch_x"]),
        ({"datasets": ["hive_x"]}, ["add spark_x"]),
        ({"jobs": ["monitoring_x"]}, ["add evidently"]),
        ({"jobs": ["promotion_x"], "trackers": []}, ["add vault_x"]),
        ({"trackers": ["vault_x", "diary_x"]}, ["remove diary_x"]),
        ({"models": ["trees_x"]}, ["add classification"]),
        ({"models": ["lightning_x"], "datasets": ["hive_x"]}, ["add torch_x", "add spark_x"]),
        ({"platforms": ["cluster_x"]}, ["remove cluster_x"]),
        ({"tasks": []}, ["add regression"]),
    ],
)
def test_adds_a_required_component(
    ruled: Template, answers: dict[str, Any], expected: list[str]
) -> None:
    assert changes(ruled, **answers) == expected


def test_keeps_the_other_answers(ruled: Template) -> None:
    assert changes(ruled, models=["lightning_x"], project_name="!") == ["add torch_x"]


@pytest.mark.generic
@settings(
    max_examples=1, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_is_valid_and_no_single_change_is_closer(ruled: Template, data: st.DataObject) -> None:
    answers = given_as(selections(ruled, data))
    proposal = nearest_valid(ruled.interview, ruled.catalogue, answers)
    assert proposal is not None
    assert not ruled.interview.resolve(proposal.answers).refusals
    assert nearest_valid(ruled.interview, ruled.catalogue, answers) == proposal
    if len(proposal.adjustments) > 1:
        assert not [change for change in toggles(ruled, answers) if valid(ruled, answers, change)]


def toggles(template: Template, answers: dict[str, Any]) -> list[Adjustment]:
    chosen = set(chain.from_iterable([v] if isinstance(v, str) else v for v in answers.values()))
    return [Adjustment(entry.id, added=entry.id not in chosen) for entry in template.catalogue]


def valid(template: Template, answers: dict[str, Any], change: Adjustment) -> bool:
    family = template.catalogue[change.id].family
    value: Any = change.id if change.added else "none"
    if family != "ci":
        value = [id_ for id_ in answers[family] if id_ != change.id]
        value += [change.id] if change.added else []
    return not template.interview.resolve({**answers, family: value}).refusals
