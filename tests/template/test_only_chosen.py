"""A project holds what was chosen, and no trace of anything else."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rendering import Answers, absent, alone, catalogue, files, selected

Project = Callable[[Answers], Path]

# Which answers were given, and where the samples come from.
ELSEWHERE = {".copier-answers.yml", "data/README.md"}


def traces(entry: dict[str, Any]) -> list[str]:
    """Return patterns that only text about a component matches."""
    words = [*entry.get("imports", [])]
    words += [re.split(r"[<>=!\[;]", text)[0] for text in entry.get("dependencies", [])]
    words += [entry["class_name"]] if entry.get("class_name") else []
    patterns = [rf"(?<![\w-]){re.escape(word)}(?![\w-])" for word in words]
    id_ = re.escape(entry["id"])
    family = re.escape(entry["family"])
    patterns += [
        rf"\b{family}[./]{id_}\b",
        rf"""kind["']?: ["']?{id_}\b""",
        rf"""["']{id_}["']""",
        rf"runs/{id_}\b",
        rf"\btest_{id_}\b",
        rf"data/\w+\.{id_}\b",
    ]
    if entry["title"] not in {"Training", "Evaluation", "Inference", "Container"}:
        patterns.append(rf"\b{re.escape(entry['title'])}\b")
    return patterns


def found(project: Path, answers: Answers) -> list[tuple[str, str, str]]:
    """Return every trace of a component that was not chosen: file, component, line."""
    chosen = selected(answers)
    chosen_words = {word for entry in chosen for word in entry.get("imports", [])}
    hits = []
    for path, content in files(project).items():
        if path in ELSEWHERE or path.endswith(".parquet"):
            continue
        text = f"{path}\n{content.decode('utf-8')}"
        for entry in catalogue():
            if entry in chosen:
                continue
            for pattern in traces(entry):
                for match in re.finditer(pattern, text):
                    if match[0] in chosen_words:
                        continue
                    line = text[: match.start()].count("\n")
                    hits.append((f"{path}:{line}", entry["id"], text.splitlines()[line]))
    return hits


@pytest.mark.parametrize("id_", alone())
def test_a_component_alone(project: Project, id_: str) -> None:
    answers = alone()[id_]
    assert found(project(answers), answers) == []


@pytest.mark.parametrize("id_", absent())
def test_a_component_left_out(project: Project, id_: str) -> None:
    answers = absent()[id_]
    assert found(project(answers), answers) == []


@pytest.mark.parametrize("id_", alone())
def test_no_file_and_no_folder_is_empty(project: Project, id_: str) -> None:
    folder = project(alone()[id_])
    allowed = {"__init__.py", "py.typed"}
    assert not [p for p in folder.rglob("*") if p.is_dir() and not any(p.iterdir())]
    assert not [
        p for p in folder.rglob("*") if p.is_file() and not p.stat().st_size and p.name not in allowed
    ]
