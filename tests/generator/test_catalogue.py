"""An invalid catalogue entry is rejected, with file, key, rule and remedy."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from generator.conftest import Template
from rendering import copy_template

from overture.errors import CatalogueError, UnknownComponentError
from overture.template.catalogue import Catalogue
from overture.template.interview import Interview

FAMILIES = ("tasks", "models", "jobs")
WHOLE = {
    "id": "forest",
    "family": "models",
    "title": "F",
    "summary": "f",
    "order": 90,
    "homepage": "https://f.org",
}
RECIPE = {"does": "Grow.", "commands": ["true"]}
JOB = {**WHOLE, "family": "jobs", "recipe": "grow"}


def loaded(root: Path, *stated: dict[str, Any], file: str | None = None) -> Catalogue:
    for entry in stated:
        path = root / "components" / (file or f"{entry.get('family')}/{entry.get('id')}.yml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(entry))
    return Catalogue.load(root, FAMILIES)


def test_the_shipped_one_is_valid_and_in_order(shipped: Template) -> None:
    keys = [(entry.family, entry.sort_key) for entry in shipped.catalogue]
    families = shipped.interview.families
    assert keys == sorted(keys, key=lambda key: (families.index(key[0]), key[1]))


def test_the_smallest_entry_can_be_chosen(tmp_path: Path) -> None:
    root = copy_template(tmp_path / "overture")
    (root / "components/models/forest.yml").write_text(yaml.safe_dump(WHOLE))
    interview = Interview.load(root)
    assert "forest" in Catalogue.load(root, interview.families)
    assert not interview.resolve({"models": ["forest"]}).refusals


@pytest.mark.parametrize("key", WHOLE)
def test_each_of_its_keys_is_required(tmp_path: Path, key: str) -> None:
    stated = {name: value for name, value in WHOLE.items() if name != key}
    with pytest.raises(CatalogueError, match=f"{key}: "):
        loaded(tmp_path, stated, file="models/forest.yml")


@pytest.mark.parametrize(
    ("stated", "parts"),
    [
        ({"id": "Forest"}, ["id:", "pattern"]),
        ({"title": ""}, ["title:"]),
        ({"summary": "two\nlines"}, ["summary:"]),
        ({"dependancies": []}, ["dependancies", "Did you mean dependencies?"]),
        ({"dependencies": ["pandas>>2"]}, ["dependencies.0", "PEP 508"]),
        ({"requires": [{"reason": "r"}]}, ["requires.0", "exactly one of"]),
        ({"requires": [{"component": "a", "family": "jobs", "reason": "r"}]}, ["exactly one of"]),
        ({"requires": [{"component": "torch"}]}, ["requires.0.reason"]),
        (
            {"requires": [{"component": "torch", "reason": "r"}]},
            ["no component is or provides torch"],
        ),
        ({"requires": [{"capability": "x", "reason": "r"}]}, ["no component is or provides x"]),
        ({"requires": [{"family": "models", "reason": "r"}]}, ["met by the entry itself"]),
        ({"requires": [{"component": "late", "reason": "r"}]}, ["asks after models"]),
        ({"conflicts": [{"component": "late", "reason": "r"}]}, ["asks after models"]),
        ({"conflicts": [{"component": "forest", "reason": "r"}]}, ["no other component"]),
        ({"tasks": ["flying"]}, ["flying is no task", "regression"]),
        ({"tasks": []}, ["tasks:"]),
        ({"files": ["../x"]}, ["files.0", "without .."]),
        ({"files": ["/etc/passwd"]}, ["relative to the project"]),
        ({"files": ["late.py"]}, ["listed by late too", "in uses"]),
        ({"recipes": {"grow": RECIPE}}, ["grow is a recipe of late too"]),
        ({"ci": ["docs"]}, ["it states no recipe docs"]),
        ({"recipes": {"Grow": RECIPE}}, ["recipes.Grow", "pattern"]),
        ({"uses": ["Neural/"]}, ["uses.0", "pattern"]),
        ({"with": {"nobody": ["x.py"]}}, ["nobody is no other component"]),
        ({"sample": {}}, ["sample"]),
        ({"homepage": "http://f.org"}, ["homepage:"]),
        ({"environment": [{"name": "lower", "description": "d"}]}, ["environment.0.name"]),
    ],
)
def test_refuses(tmp_path: Path, stated: dict[str, Any], parts: list[str]) -> None:
    others = [
        {**WHOLE, "id": "regression", "family": "tasks"},
        {**JOB, "id": "late", "files": ["late.py"]},
    ]
    loaded(tmp_path, *others)
    with pytest.raises(CatalogueError) as refused:
        loaded(tmp_path, {**WHOLE, **stated}, file="models/forest.yml")
    assert "components/models/forest.yml: " in str(refused.value)
    assert all(part in str(refused.value) for part in parts)


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("models/woods.yml", "id: forest is not the file's name"),
        ("extras/forest.yml", "family: models is not the folder's name"),
    ],
)
def test_rejects_a_wrong_location(tmp_path: Path, file: str, part: str) -> None:
    with pytest.raises(CatalogueError, match=part):
        loaded(tmp_path, WHOLE, file=file)


def test_rejects_a_family_without_a_question(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no family of the interview"):
        loaded(tmp_path, {**WHOLE, "family": "toys"})


def test_rejects_a_duplicate_id(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="another family has this id too"):
        loaded(tmp_path, WHOLE, JOB)


def test_rejects_anything_but_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "components/models/forest.yml"
    path.parent.mkdir(parents=True)
    path.write_text("- a\n- b\n")
    with pytest.raises(CatalogueError, match=r"forest\.yml: entry: "):
        Catalogue.load(tmp_path, FAMILIES)


def test_suggests_the_closest_component(shipped: Template) -> None:
    with pytest.raises(UnknownComponentError, match="Did you mean sklearn"):
        shipped.catalogue["skleran"]
