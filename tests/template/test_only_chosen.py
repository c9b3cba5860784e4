"""A project contains the chosen components, and no trace of others."""

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from rendering import Answers, files, text
from selections import (
    absent,
    all_ids,
    alone,
    catalogue,
    least,
    light,
    maximal,
    pairs,
    selected,
)

Project = Callable[[Answers], Path]

# The answers, and the sample data with its description.
ELSEWHERE = re.compile(r"\.copier-answers\.yml|data/.*")

# The only exception: the error for a location whose storage was not chosen names the component to
# add. Its id is in this table, beside its scheme, and nowhere else.
ADDABLE = re.compile(r"(?<=^ADDABLE = \{\n)(    \"\w+\": \"\w+\",\n)+(?=\}$)", re.MULTILINE)
# Documentation of a vendor's other products has the import name of a component in its address.
DOCUMENTATION = "https://learn.microsoft.com/azure/"
SCHEMES = {"az": "azure", "gs": "gcs", "s3": "s3"}


def traces(entry: dict[str, Any]) -> list[tuple[str, str]]:
    """Return patterns that only match text about a component, each with a text of every match."""
    words = [*entry.get("imports", [])]
    words += [re.split(r"[<>=!\[;]", each)[0] for each in entry.get("dependencies", [])]
    words += [entry[key] for key in ("class_name", "explainer") if entry.get(key)]
    named = [(word, rf"(?<![\w-]){re.escape(word)}(?![\w-])") for word in words]
    id_ = re.escape(entry["id"])
    family = re.escape(entry["family"])
    patterns = [
        rf"\b{family}[./]{id_}\b",
        rf"""kind["']?: ["']?{id_}\b""",
        rf"""["']{id_}["']""",
        rf"runs/{id_}\b",
        rf"\btest_{id_}\b",
        rf"data/\w+\.{id_}\b",
    ]
    if entry["title"] not in {"Training", "Evaluation", "Inference", "Container"}:
        named.append((entry["title"], rf"\b{re.escape(entry['title'])}\b"))
    return [*named, *((entry["id"], pattern) for pattern in patterns)]


def found(project: Path, answers: Answers) -> list[tuple[str, str, str]]:
    """Return every trace of a component that was not chosen: file, component, line."""
    chosen = selected(answers)
    chosen_words = {word for entry in chosen for word in entry.get("imports", [])}
    chosen_words |= {*re.findall(r"\w+", json.dumps([each.get("services") for each in chosen]))}
    others = [(entry["id"], traces(entry)) for entry in catalogue() if entry not in chosen]
    hits = []
    for path, content in files(project).items():
        lines = text(content)
        if ELSEWHERE.fullmatch(path) or lines is None:
            continue
        if re.fullmatch(r"src/\w+/location\.py", path):
            lines = ADDABLE.sub("", lines)
        lines = lines.replace(DOCUMENTATION, "")
        written = f"{path}\n{lines}"
        for id_, named in others:
            for pattern in (pattern for held, pattern in named if held in written):
                for match in re.finditer(pattern, written):
                    before = written[: match.start()]
                    of_library = any(before.endswith(f"{word}.") for word in chosen_words)
                    if match[0] in chosen_words or of_library:
                        continue
                    line = before.count("\n")
                    hits.append((f"{path}:{line}", id_, written.splitlines()[line]))
    return hits


@pytest.mark.parametrize("id_", alone())
def test_a_component_alone(project: Project, id_: str) -> None:
    answers = alone()[id_]
    assert found(project(answers), answers) == []


@pytest.mark.parametrize("id_", ["parquet", *SCHEMES.values()])
def test_a_rejected_location_names_the_storage_to_add(project: Project, id_: str) -> None:
    answers = alone()[id_]
    (module,) = project(answers).glob("src/*/location.py")
    (table,) = ADDABLE.finditer(module.read_text(encoding="utf-8"))
    assert dict(re.findall(r'"(\w+)": "(\w+)"', table[0])) == {
        scheme: name for scheme, name in SCHEMES.items() if name not in answers.get("storages", ())
    }


@pytest.mark.nightly
@pytest.mark.parametrize("names", pairs("models"))
def test_two_components_of_a_family(project: Project, names: str) -> None:
    answers = pairs("models")[names]
    assert found(project(answers), answers) == []


@pytest.mark.parametrize("id_", absent())
def test_all_components_but_one(project: Project, id_: str) -> None:
    answers = absent()[id_]
    assert found(project(answers), answers) == []


@pytest.mark.parametrize(("answers", "names"), [(least(), False), (light(), True)])
def test_only_several_tasks_name_their_data(
    project: Project, answers: Answers, *, names: bool
) -> None:
    """Merging the only task of a project never replaces the data that its user set."""
    tasks = (project(answers) / "confs/tasks").glob("*.yaml")
    assert {"data" in yaml.safe_load(task.read_text()) for task in tasks} == {names}


def test_no_model_is_explained_without_the_job(project: Project) -> None:
    """A framework's explainer is named after the framework, but belongs to the job."""
    rendered = files(project(absent()["explanation"]))
    assert not [path for path in rendered if "explain" in path]
    assert not [path for path, text in rendered.items() if re.search(rb"explainer|shap\b", text)]


def unions(project: Project, answers: Answers) -> dict[str, set[str]]:
    """Return the classes in each union of a family, without the custom one."""
    held: dict[str, set[str]] = {}
    for family in {entry["family"] for entry in selected(answers)}:
        for path in project(answers).glob(f"src/*/{family}/__init__.py"):
            for node in ast.parse(path.read_bytes()).body:
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).startswith("Any"):
                    members = ast.unparse(node.value).partition("[")[2].partition(",")[0]
                    held[family] = {*members.split(" | ")[:-1]}
    return held


@pytest.mark.parametrize("answers", [*alone().values(), *maximal(all_ids())])
def test_a_union_holds_every_chosen_kind(project: Project, answers: Answers) -> None:
    chosen: dict[str, set[str]] = {}
    for entry in selected(answers):
        if "class_name" in entry:
            chosen.setdefault(entry["family"], set()).add(entry["class_name"])
    assert unions(project, answers) == chosen


@pytest.mark.parametrize("id_", alone())
def test_no_file_and_no_folder_is_empty(project: Project, id_: str) -> None:
    folder = project(alone()[id_])
    allowed = {"__init__.py", "py.typed"}
    assert not [p for p in folder.rglob("*") if p.is_dir() and not any(p.iterdir())]
    assert not [
        p
        for p in folder.rglob("*")
        if p.is_file() and not p.stat().st_size and p.name not in allowed
    ]
