"""The generator as a library: it neither prints nor prompts, and its error codes are documented."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from generator.conftest import Overture
from rendering import ROOT

import overture as package
from overture.cli import main
from overture.commands import EXIT_CODES
from overture.errors import OvertureError, ProjectError
from overture.template.selection import Refused

GUIDE = (ROOT / "docs/guide.md").read_text(encoding="utf-8")
LIBRARY = [
    path
    for folder in ("template", "project")
    for path in sorted((ROOT / "generator/overture" / folder).glob("*.py"))
]
BASES = {OvertureError, ProjectError}


def subclasses(of: type[OvertureError]) -> Iterator[type[OvertureError]]:
    for each in of.__subclasses__():
        yield each
        yield from subclasses(each)


ERRORS = set(subclasses(OvertureError)) - BASES


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_prints_and_asks_nothing(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            assert node.id not in {"print", "input"}, f"{path}:{node.lineno}"
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"stdin", "stdout", "stderr"} or not (
                isinstance(node.value, ast.Name) and node.value.id == "sys"
            ), f"{path}:{node.lineno}"


@pytest.mark.parametrize("name", package.__all__)
def test_exports(name: str) -> None:
    assert getattr(package, name)


class TestErrors:
    def test_have_unique_codes(self) -> None:
        assert all("code" in vars(error) for error in ERRORS)
        assert len({error.code for error in ERRORS}) == len(ERRORS)
        assert Refused in ERRORS

    def test_are_listed_in_the_guide(self) -> None:
        section = GUIDE.partition("### Error codes")[2].partition("\n## ")[0]
        listed = re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE)
        assert sorted(listed) == sorted({"defect", "interrupted", *(e.code for e in ERRORS)})

    def test_exit_codes_are_documented(self, overture: Overture) -> None:
        section = GUIDE.partition("### Exit codes")[2].partition("\n### ")[0]
        listed = {int(code) for code in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)}
        assert listed == set(EXIT_CODES)
        for code, meaning in EXIT_CODES.items():
            assert re.search(
                rf"^  {code} +{re.escape(meaning)}$", overture("--help").out, re.MULTILINE
            )


class TestJson:
    @pytest.mark.parametrize(
        ("words", "code"),
        [
            (["nwe"], "usage"),
            (["new", "--defualts"], "usage"),
            (["add"], "usage"),
            (["preset", "show"], "usage"),
            (["show", "skleran"], "component-unknown"),
            (["list", "model"], "family-unknown"),
            (["preset", "show", "minmal"], "preset-unknown"),
            (["list", "--template", "file:///nowhere"], "template-unreachable"),
            (["list", "--template", "no/where"], "template-missing"),
            (["list", "--template", "."], "template-missing"),
            (["list", "--ref", "v99"], "template-version-unknown"),
            (["new", "--yes", "-d", "modles=x"], "question-unknown"),
            (["new", "--yes", "-d", "models"], "answers-invalid"),
            (["check"], "project-not-found"),
        ],
    )
    def test_errors_are_printed_on_stdout(
        self, overture: Overture, words: list[str], code: str
    ) -> None:
        done = overture(*words, "--json")
        assert done.code == 2
        assert not done.err
        error = json.loads(done.out)["error"]
        assert error["code"] == code
        assert error["message"]

    def test_an_invalid_selection_has_its_reasons_and_the_closest_valid_one(
        self, overture: Overture
    ) -> None:
        error = json.loads(overture("new", "--yes", "--json", "-d", "jobs=").out)["error"]
        assert error["code"] == "selection-refused"
        assert [refusal["key"] for refusal in error["refusals"]] == ["jobs"]
        assert error["proposal"]["adjustments"] == ["add training"]
        assert error["proposal"]["command"].startswith("overture new --data jobs=training")

    def test_a_defect_has_another_exit_code(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> None:
            message = "broken"
            raise RuntimeError(message)

        monkeypatch.setattr("overture.commands.list.template_parser", broken)
        monkeypatch.delenv("OVERTURE_TRACEBACK", raising=False)
        assert main(["list", "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["error"]["code"] == "defect"
