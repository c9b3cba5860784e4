"""Every given text is rejected, or rendered verbatim in the project."""

import ast
import tomllib
from pathlib import Path

import pytest
import yaml
from generator.conftest import Template
from rendering import render
from selections import least

pytestmark = pytest.mark.generic

HOSTILE = {
    "parent": "../x",
    "deep-parent": "a/../../x",
    "absolute": "/etc/passwd",
    "windows": "C:\\x",
    "expression": "{{ 7*7 }}",
    "statement": "{% raw %}",
    "comment": "{# x #}",
    "statement-end": "%}",
    "quote": '"',
    "single-quote": "it's",
    "triple-quotes": "'''",
    "escape": "\\n",
    "yaml-list": "- a",
    "yaml-map": "a: b",
    "yaml-tag": "!!python/object/apply:os.system [id]",
    "yaml-anchor": "&a *a",
    "yaml-comment": "a # b",
    "yaml-null": "null",
    "yaml-octal": "012",
    "yaml-yes": "yes",
    "keyword": "class",
    "soft-keyword": "match",
    "standard-library": "json",
    "dependency": "sklearn",
    "own-folder": "tests",
    "dunder": "__init__",
    "digits-first": "1a",
    "leading-hyphen": "-rf",
    "shell": "$(id)",
    "backtick": "`id`",
    "html": "<script>",
    "newline": "a\nb",
    "carriage-return": "a\rb",
    "trailing-newline": "demo\n",
    "nul": "a\0b",
    "escape-sequence": "\x1b[31mred",
    "line-separator": "a\u2028b",
    "right-to-left": "a\u202eb",
    "accent": "Zoë Škoda",
    "cyrillic": "\u0430\u0431\u0432",
    "wide-digits": "\uff11\uff12",
    "emoji": "\N{ROCKET}",
    "surrogate": "\udc80",
    "blank": " ",
    "long": "a" * 300,
    "longest": "a" * 100_000,
}
# Two lines of free text are tested together, which halves the number of renderings.
TEXTS = (("project_name",), ("package",), ("description", "author_name"), ("author_email",))
MUST_BE_REJECTED = {
    "project_name": set(HOSTILE)
    - {"keyword", "soft-keyword", "standard-library", "dependency", "own-folder"}
    - {"yaml-null", "yaml-yes"},
    "package": set(HOSTILE) - {"yaml-null", "yaml-yes"},
    "author_email": set(HOSTILE),
}

each_text = pytest.mark.parametrize("keys", TEXTS, ids="+".join)
each_hostile = pytest.mark.parametrize("name", HOSTILE)


@each_text
@each_hostile
def test_a_hostile_text_is_rejected_or_rendered_verbatim(
    shipped: Template, tmp_path: Path, keys: tuple[str, ...], name: str
) -> None:
    given = dict.fromkeys(keys, HOSTILE[name])
    if "project_name" in keys:
        given["package"] = "demo"
    outcome = shipped.interview.resolve(given)
    if outcome.refusals:
        assert {refusal.key for refusal in outcome.refusals} == set(keys)
        return
    assert name not in MUST_BE_REJECTED.get(keys[0], set())
    project = render(shipped.root, least() | given, tmp_path / "project")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["project"]
    recorded = yaml.safe_load((project / ".copier-answers.yml").read_text(encoding="utf-8"))
    assert [recorded[key] for key in keys] == [HOSTILE[name]] * len(keys)
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    landed = {
        "project_name": declared["name"],
        "description": declared["description"],
        "author_name": declared["authors"][0]["name"],
    }
    assert {landed[key] for key in keys if key in landed} <= {HOSTILE[name]}
    for module in project.rglob("*.py"):
        ast.parse(module.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["json", "sklearn", "mlflow", "tests", "class", "match", "type"])
def test_a_package_cannot_have_a_reserved_name(shipped: Template, name: str) -> None:
    [refusal] = shipped.interview.resolve({"package": name}).refusals
    assert "choose another name" in refusal.message


@each_hostile
def test_a_hostile_id_is_rejected(shipped: Template, name: str) -> None:
    refusals = shipped.interview.resolve({"datasets": [HOSTILE[name]]}).refusals
    assert {refusal.key for refusal in refusals} == {"datasets"}
