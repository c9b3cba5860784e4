"""The JSON output of each command has the shape that `overture.commands.shapes` defines."""

import json
from typing import Any

import pytest
from lifecycle.held import DATA, TREES, Held
from lifecycle.repositories import Repository
from pydantic import TypeAdapter

from overture.commands import COMMANDS
from overture.commands import shapes as s

pytestmark = pytest.mark.generic

GIVEN = tuple(word for pair in DATA.items() for word in ("--data", "=".join(pair)))
CONFLICT = ("update", "--yes")
SHAPES: list[tuple[Any, tuple[str, ...]]] = [
    (s.NewData, ("new", "planned", "--dry-run", *GIVEN)),
    (s.NewData, ("new", "made", "--yes", "--no-lock", *GIVEN)),
    (list[s.ComponentData], ("list",)),
    (s.ShowData, ("show", "trees")),
    (s.RelationsData, ("explain", "deep")),
    (s.SelectionData, ("explain", "-d", "models=deep")),
    (dict[str, Any], ("schema",)),
    (list[s.PresetData], ("preset", "list")),
    (s.Answers, ("preset", "show", "little")),
    (s.ChangeData, ("add", "csv", "--yes")),
    (s.ChangeData, ("remove", "trees", "--yes", "--keep-edited")),
    (s.ChangeData, ("set", "description=Other.", "--yes")),
    (s.ChangeData, CONFLICT),
    (s.ErrorData, ("update", "--continue")),
    (s.CheckData, ("check",)),
    (s.DiffData, ("diff",)),
    (s.RestoreData, ("restore", "src/small/scoring.py")),
    (s.ErrorData, ("add", "deep", "--yes")),
    (s.ErrorData, ("add", "--nothing")),
]
IN_A_PROJECT = {"add", "remove", "set", "update", "check", "diff", "restore"}


def valid(shape: Any, text: str) -> Any:
    """Return printed JSON, which must have exactly the keys of a shape."""
    adapter: TypeAdapter[Any] = TypeAdapter(shape)
    output = json.loads(text)
    assert json.loads(adapter.dump_json(adapter.validate_json(text))) == output
    return output


@pytest.fixture
def edited(held: Held) -> Held:
    """A project with every kind of difference from its template."""
    held.edit(TREES, "VALUE_5 = 5", "VALUE_5 = 'mine'")
    (held.root / "src/small/scoring.py").unlink()
    held.write("src/small/own.py", "from small.models import trees\n")
    return held


@pytest.mark.parametrize(("shape", "words"), SHAPES, ids=lambda value: str(value)[:60])
def test_is_the_documented_shape(
    shape: Any,
    words: tuple[str, ...],
    edited: Held,
    versions: Repository,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(edited.root.parent)
    name, *rest = words
    if name in IN_A_PROJECT:
        done = edited.overture(name, *rest, "--json")
    else:
        template = versions.path
        if name == "preset":
            (template / "presets").mkdir(exist_ok=True)
            (template / "presets/little.yml").write_text("# Little.\nmodels: [linear]\n")
            rest = [*rest, "--ref", "HEAD"]
        done = edited.run(name, *rest, "--template", template, "--json")
    assert not done.err or name == "new"
    output = valid(shape, done.out)
    assert (done.code == 2) == (shape is s.ErrorData), output


def test_of_a_finished_change(edited: Held) -> None:
    conflicting = valid(s.ChangeData, edited.overture(*CONFLICT, "--json").out)
    assert conflicting["conflicts"] == [TREES]
    waiting = valid(s.EndData, edited.overture("update", "--continue", "--json").out)
    assert waiting["conflicts"]
    assert not waiting["ended"]
    aborted = valid(s.EndData, edited.overture("update", "--abort", "--json").out)
    assert aborted["ended"]


def test_every_command_has_a_shape() -> None:
    assert {words[0] for _, words in SHAPES} == set(COMMANDS)
