"""The interview rejects exactly the selections that an independent oracle rejects."""

from typing import Any

import pytest
from generator.conftest import Template
from generator.oracle import entries, refused
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pathspec import PathSpec

random = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def selections(template: Template, data: st.DataObject) -> dict[str, list[str]]:
    """Draw a selection of a template's catalogue, mostly of few components."""
    drawn = {}
    for family in template.interview.families:
        ids = [entry.id for entry in template.catalogue.of(family)]
        most = 1 if family == "ci" else len(ids)
        some = st.lists(st.sampled_from(ids), unique=True, max_size=most) if ids else st.just([])
        drawn[family] = data.draw(some, label=family)
    return drawn


def given_as(selection: dict[str, list[str]]) -> dict[str, Any]:
    """Return a selection as answers."""
    return {**selection, "ci": (selection["ci"] or ["none"])[0]}


def said(template: Template, answers: dict[str, Any]) -> set[tuple[str, str]]:
    """Return what the interview rejects: pairs of family and component, or family and nothing."""
    return {
        (refusal.key, "" if first == "Choose" else first)
        for refusal in template.interview.resolve(answers).refusals
        for first in [refusal.message.split()[0]]
    }


class TestAgainstTheOracle:
    @pytest.mark.generic
    @random
    @given(data=st.data())
    def test_on_components_with_every_kind_of_rule(
        self, ruled: Template, data: st.DataObject
    ) -> None:
        selection = selections(ruled, data)
        expected = refused(entries(ruled.root), ruled.interview.families, selection)
        assert said(ruled, given_as(selection)) == expected

    @random
    @given(data=st.data())
    def test_on_the_shipped_catalogue(self, shipped: Template, data: st.DataObject) -> None:
        selection = selections(shipped, data)
        expected = refused(entries(shipped.root), shipped.interview.families, selection)
        assert said(shipped, given_as(selection)) == expected

    def test_the_oracle_knows_each_kind_of_rule(self, ruled: Template) -> None:
        base: dict[str, list[str]] = {family: [] for family in ruled.interview.families}
        valid = {
            "tasks": ["regression"],
            "models": ["sklearn"],
            "datasets": ["csv"],
            "jobs": ["training"],
        }
        broken: list[tuple[dict[str, list[str]], str]] = [
            ({"models": ["lightning_x"]}, "lightning_x"),
            ({"datasets": ["hive_x"]}, "hive_x"),
            ({"jobs": ["monitoring_x"]}, "monitoring_x"),
            ({"jobs": ["promotion_x"]}, "promotion_x"),
            ({"models": ["trees_x"]}, "trees_x"),
            ({"trackers": ["vault_x", "diary_x"]}, "diary_x"),
            ({"monitors": ["asleep_x"]}, "asleep_x"),
        ]
        catalogue = entries(ruled.root)
        for change, id_ in broken:
            found = refused(catalogue, ruled.interview.families, {**base, **valid, **change})
            assert found == {(next(iter(change)), id_)}


class TestRefusals:
    @pytest.mark.parametrize(
        ("answers", "parts"),
        [
            (
                {"models": ["lightning_x"]},
                ["lightning_x needs torch_x", "It trains", "Choose it too"],
            ),
            ({"jobs": ["promotion_x"]}, ["needs vault_x or diary_x", "one of them too"]),
            ({"jobs": ["monitoring_x"]}, ["or watch_x: A monitor computes", "Choose one of them"]),
            ({"trackers": ["vault_x", "diary_x"]}, ["conflicts with vault_x", "Leave one"]),
            ({"models": ["trees_x"]}, ["supports none of the chosen tasks", "classification"]),
            ({"monitors": ["asleep_x"]}, ["cannot be chosen yet", "installed", "Leave it out"]),
            ({"tasks": []}, ["Choose at least 1"]),
        ],
    )
    def test_state_the_rule_the_reason_and_the_remedy(
        self, ruled: Template, answers: dict[str, Any], parts: list[str]
    ) -> None:
        refusals = ruled.interview.resolve({"trackers": [], **answers}).refusals
        assert [refusal.key for refusal in refusals] == list(answers)
        assert all(part in refusals[0].message for part in parts)


class TestDisabledChoices:
    def disabled(self, template: Template, key: str, answers: dict[str, Any]) -> dict[str, str]:
        posed = {posed.key: posed for posed in template.interview.posed(answers)}
        return {choice.id: choice.refusal for choice in posed[key].choices if choice.refusal}

    def test_have_the_reason(self, ruled: Template) -> None:
        disabled = self.disabled(ruled, "datasets", {"engines": []})
        assert list(disabled) == ["hive_x"]
        assert "Spark reads its tables." in disabled["hive_x"]

    def test_are_those_that_are_withheld(self, shipped: Template) -> None:
        assert "Python 3.13" in self.disabled(shipped, "monitors", {})["nannyml"]

    def test_are_enabled_once_their_requirements_are_chosen(self, ruled: Template) -> None:
        assert not self.disabled(ruled, "datasets", {"engines": ["spark_x"]})

    def test_are_not_those_with_requirements_in_their_own_family(self, ruled: Template) -> None:
        assert "lightning_x" not in self.disabled(ruled, "models", {})


class TestExcludedFiles:
    def patterns(self, template: Template, entries: list[dict[str, Any]], *ids: str) -> list[str]:
        context = template.interview.context({}) | {"catalogue": entries, "models": list(ids)}
        source = "{% from 'interview/rules.jinja' import excluded with context %}{{ excluded() }}"
        return template.interview.renderer.text(source, context).splitlines()

    def test_a_part_is_removed_with_the_last_component_that_uses_it(
        self, shipped: Template
    ) -> None:
        both = [entry("a", uses=["models/trees"]), entry("b", uses=["models/trees"])]
        assert "/tests/models/test_trees.py" not in self.patterns(shipped, both, "a")
        assert "/tests/models/test_trees.py" in self.patterns(shipped, both)

    @pytest.mark.parametrize("ids", [("a",), ("b",)])
    def test_files_of_two_components_need_both(self, shipped: Template, ids: list[str]) -> None:
        both = [entry("a", **{"with": {"b": ["both.py"]}}), entry("b")]
        assert "/both.py" not in self.patterns(shipped, both, "a", "b")
        assert "/both.py" in self.patterns(shipped, both, *ids)

    def test_a_package_can_have_the_name_of_a_component(self, shipped: Template) -> None:
        patterns = PathSpec.from_lines("gitignore", self.patterns(shipped, [entry("a")]))
        named = ("src/a/models/a.py", "src/p/models/a/b.py", "deploy/a/b.yaml", "tests/x/test_a.py")
        assert all(map(patterns.match_file, named))
        assert not patterns.match_file("src/a/cli.py")


def entry(id_: str, **stated: Any) -> dict[str, Any]:
    """Return an entry of the models, as plain data."""
    return {"id": id_, "family": "models", "order": 1, **stated}
