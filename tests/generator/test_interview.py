"""Given answers are parsed as Copier records them, or rejected with a remedy."""

from typing import Any

import pytest
from generator.conftest import Template


def messages(template: Template, **given: object) -> list[str]:
    return [refusal.message for refusal in template.interview.resolve(given).refusals]


class TestDefaults:
    def test_are_valid(self, shipped: Template) -> None:
        assert not messages(shipped)

    def test_follow_other_answers(self, shipped: Template) -> None:
        answers = shipped.interview.resolve({"project_name": "Bike.demand-2"}).answers
        assert answers["package"] == "bike_demand_2"

    def test_of_families_without_components_are_not_recorded(self, shipped: Template) -> None:
        empty = {
            family for family in shipped.interview.families if not shipped.catalogue.of(family)
        }
        assert not empty & set(shipped.interview.resolve({}).answers)


class TestLists:
    @pytest.mark.parametrize(
        "written",
        [
            "csv,parquet",
            " csv , parquet ",
            "[csv, parquet]",
            '["csv", "parquet"]',
            ["csv", "parquet"],
        ],
    )
    def test_can_be_written_in_several_ways(self, shipped: Template, written: object) -> None:
        outcome = shipped.interview.resolve({"datasets": written})
        assert outcome.answers["datasets"] == ["csv", "parquet"]
        assert not outcome.refusals

    def test_keep_the_first_choice_and_sort_the_rest(self, shipped: Template) -> None:
        given = {"jobs": "inference,evaluation,training", "datasets": "csv,csv,parquet"}
        answers = shipped.interview.resolve(given).answers
        assert answers["jobs"] == ["inference", "training", "evaluation"]
        assert answers["datasets"] == ["csv", "parquet"]

    def test_of_one_item_can_be_a_string(self, shipped: Template) -> None:
        assert shipped.interview.resolve({"datasets": "csv"}).answers["datasets"] == ["csv"]

    @pytest.mark.parametrize("written", ["", "[]", []])
    def test_may_be_empty(self, shipped: Template, written: object) -> None:
        assert shipped.interview.resolve({"trackers": written}).answers["trackers"] == []

    @pytest.mark.parametrize("written", [5, None, {"a": "b"}, [["csv"]], [1], "[csv", True])
    def test_of_other_types_are_rejected(self, shipped: Template, written: object) -> None:
        assert "datasets is a list" in messages(shipped, datasets=written)[0]


class TestUnknownChoices:
    def test_list_the_valid_choices_and_suggest_the_closest(self, shipped: Template) -> None:
        [message] = messages(shipped, datasets=["parket", "csv"])
        assert "'parket'" in message
        assert "parquet, csv" in message
        assert "Did you mean parquet?" in message

    def test_of_single_choices(self, shipped: Template) -> None:
        [message] = messages(shipped, license="GPL")
        assert "MIT, BSD-3-Clause, Apache-2.0, proprietary" in message

    def test_of_families_without_components(self, ruled: Template, shipped: Template) -> None:
        assert not messages(ruled, engines=["spark_x"])
        empty = [
            family for family in shipped.interview.families if not shipped.catalogue.of(family)
        ]
        for family in empty:
            assert "does not apply" in messages(shipped, **{family: ["spark_x"]})[0]
            assert not messages(shipped, **{family: []})


class TestTexts:
    @pytest.mark.parametrize("written", [None, True, ["x"], {"a": 1}])
    def test_must_be_strings(self, shipped: Template, written: Any) -> None:
        assert "description is a text" in messages(shipped, description=written)[0]

    def test_can_be_yaml_numbers(self, shipped: Template) -> None:
        answers = shipped.interview.resolve({"python_version": 3.12}).answers
        assert answers["python_version"] == "3.12"


def test_the_users_defaults_override_those_of_the_template(shipped: Template) -> None:
    interview = shipped.interview.load(shipped.root, {"author_name": "Ada"})
    assert interview.resolve({}).answers["author_name"] == "Ada"


def test_the_users_defaults_are_validated_like_answers(shipped: Template) -> None:
    interview = shipped.interview.load(shipped.root, {"author_name": "a\nb", "models": ["gone"]})
    refusals = interview.resolve({}).refusals
    assert [refusal.key for refusal in refusals] == ["author_name", "models"]
