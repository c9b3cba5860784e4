"""A small template with versions: the real interview with few components and files, for speed."""

from pathlib import Path
from typing import Any

import yaml
from lifecycle.repositories import Repository
from rendering import ROOT, run

COMPONENTS: dict[str, dict[str, dict[str, Any]]] = {
    "tasks": {"regression": {}, "classification": {}},
    "models": {
        "linear": {},
        "trees": {"class_name": "Trees"},
        "nets": {},
        "deep": {"requires": "nets"},
    },
    "datasets": {"parquet": {}, "csv": {}},
    "jobs": {"training": {"recipe": "train"}, "inference": {"recipe": "predict"}},
    "trackers": {"diary": {}},
    "extras": {"docs": {"files": ["handbook.md"]}},
}
ORDER = {"linear": 10, "regression": 10, "parquet": 10, "training": 10}

README = """# {{ project_name }}

{{ description }}

Chosen:

{% for component in chosen.values() | sum(start=[]) %}
- {{ component.title }}
{% endfor %}

## Use

Read this first.

## Further

The end.
"""
PYPROJECT = """[project]
name = "{{ project_name }}"
dependencies = [
  "numpy",
{% for component in chosen.values() | sum(start=[]) %}
  # {{ component.title }}
  "{{ component.id }}",
{% endfor %}
  # further ones
]
"""
GITIGNORE = """__pycache__/
runs/
{% if 'diary' in trackers %}
/diary.db
{% endif %}
"""
UNION = """{% raw %}\"\"\"The {{ FAMILY }}.\"\"\"

{% for component in chosen.FAMILY | sort(attribute='id') %}
from .{{ component.id }} import NAME as {{ component.id }}
{% endfor %}

ALL = (
{% for component in chosen.FAMILY %}
    {{ component.id }},
{% endfor %}
)
{% endraw %}"""


def module(name: str, lines: int = 12) -> str:
    """Return a Python module that can be imported."""
    numbered = "\n".join(f"VALUE_{number} = {number}" for number in range(lines))
    return f'"""The {name}."""\n\nNAME = "{name}"\n\n{numbered}\n'


def small(folder: Path) -> Repository:
    """Create the template, with the versions 0.1.0, 0.2.0 and 0.3.0."""
    made = Repository(folder)
    folder.mkdir(parents=True)
    for name in ("copier.yml", "interview"):
        run("cp", "-R", ROOT / name, folder / name, cwd=folder)
    for family, members in COMPONENTS.items():
        for id_, rules in members.items():
            component(folder, family, id_, **rules)
        if family != "extras":
            text = UNION.replace("{% raw %}", "").replace("{% endraw %}", "")
            text = text.replace("{{ FAMILY }}", family).replace("FAMILY", family)
            write(folder, f"src/{{{{ package }}}}/{family}/__init__.py.jinja", text)
    answers = "{{ _copier_conf.answers_file }}.jinja"
    run("cp", ROOT / "template" / answers, folder / "template" / answers, cwd=folder)
    write(folder, "README.md.jinja", README)
    write(folder, "pyproject.toml.jinja", PYPROJECT)
    write(folder, "handbook.md", "# Handbook\n\nOne.\n\nTwo.\n\nThree.\n")
    write(folder, ".gitignore.jinja", GITIGNORE)
    write(folder, "src/{{ package }}/__init__.py", '"""A package."""\n')
    write(folder, "src/{{ package }}/schemas/__init__.py", '"""Data contracts."""\n')
    write(folder, "src/{{ package }}/schemas/regression.py", module("regression"))
    write(folder, "src/{{ package }}/scoring.py", module("scoring"))
    write(folder, "src/{{ package }}/going.py", module("going"))
    write(folder, "data/sample.bin", "\0\1\2 one")
    write(folder, "confs/training.yaml.jinja", CONFIGURATION)
    made.git("init", "--quiet")
    made.release("0.1.0")
    _second(folder)
    made.release("0.2.0")
    _third(folder)
    made.release("0.3.0")
    return made


CONFIGURATION = """seed: 0

# What is learned.
task: {{ tasks[0] }}

# From what.
data: {{ datasets[0] }}

# By what.
model: {{ models[0] }}
rate: 0.1
"""


def component(folder: Path, family: str, id_: str, requires: str = "", **stated: object) -> None:
    """Write a component: its entry, and its module."""
    entry = {
        "id": id_,
        "family": family,
        "title": id_.capitalize(),
        "summary": f"It is {id_}",
        "order": ORDER.get(id_, 50),
        "homepage": "https://example.org",
        **stated,
    }
    if requires:
        entry["requires"] = [{"component": requires, "reason": "It stands on it."}]
    path = folder / "components" / family / f"{id_}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(entry), encoding="utf-8")
    if family != "extras":
        write(folder, f"src/{{{{ package }}}}/{family}/{id_}.py", module(id_))


def write(folder: Path, path: str, text: str) -> None:
    """Write a file of the template."""
    file = folder / "template" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _second(folder: Path) -> None:
    """Change lines, add a file, and move one."""
    template = folder / "template"
    package = template / "src/{{ package }}"
    _replace(template / "README.md.jinja", "Read this first.", "Read this at once.")
    _replace(package / "models/trees.py", "VALUE_5 = 5", "VALUE_5 = 55")
    (package / "measure").mkdir()
    write(folder, "src/{{ package }}/measure/__init__.py", '"""Measuring."""\n')
    (package / "scoring.py").rename(package / "measure/scoring.py")
    _replace(package / "measure/scoring.py", "VALUE_9 = 9", "VALUE_9 = 99")
    write(folder, "src/{{ package }}/coming.py", module("coming"))
    write(folder, "data/sample.bin", "\0\1\2 two")
    moved = {"src/{{ package }}/scoring.py": "src/{{ package }}/measure/scoring.py"}
    migrations = [{"version": "0.2.0", "moved": moved}]
    (folder / "migrations.yml").write_text(yaml.safe_dump(migrations), encoding="utf-8")
    (folder / "CHANGELOG.md").write_text(CHANGES, encoding="utf-8")


def _third(folder: Path) -> None:
    """Remove a file, add a component, and change files that depend on the answers."""
    package = folder / "template/src/{{ package }}"
    (package / "going.py").unlink()
    component(folder, "models", "forest")
    _replace(package / "models/nets.py", "VALUE_1 = 1\n", "VALUE_1 = 1\nVALUE_1_5 = 1.5\n")
    _replace(folder / "template/README.md.jinja", "The end.", "The very end.")
    _replace(folder / "template/.gitignore.jinja", "runs/\n", "runs/\n.cache/\n")
    write(folder, "data/sample.bin", "\0\1\2 one")


CHANGES = """# Changelog

## 0.2.0

- `trees` has another fifth value,
  which is greater.
- `nets` is the same.
- `scoring.py` lies in `measure`.

## 0.1.0

- Everything.
"""


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
