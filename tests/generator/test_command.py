"""The command: its messages, its exit codes and its JSON."""

import json
import re
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import jsonschema
import pytest
import yaml
from generator.conftest import Overture, Template
from rendering import ROOT
from selections import catalogue, ids, shown

from overture.commands import COMMANDS

START = ("new", "--yes")


class TestHelp:
    @pytest.mark.parametrize("word", ["--help", "-h"])
    def test_names_every_command(self, overture: Overture, word: str) -> None:
        done = overture(word)
        assert done.code == 0
        assert all(f"  {name} " in done.out for name in COMMANDS)

    @pytest.mark.parametrize("name", COMMANDS)
    def test_of_a_command_says_the_same(self, overture: Overture, name: str) -> None:
        done = overture(name, "--help")
        assert done.code == 0
        assert COMMANDS[name].capitalize() in " ".join(done.out.split())

    def test_is_printed_without_a_command(self, overture: Overture) -> None:
        assert overture().code == 2

    def test_every_command_has_its_module(self) -> None:
        for name in COMMANDS:
            assert callable(import_module(f"overture.commands.{name}").main)

    def test_starts_as_fast_as_three_interpreters(self) -> None:
        def fastest(*words: str) -> float:
            times = []
            for _ in range(10):
                began = time.perf_counter()
                subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
                times.append(time.perf_counter() - began)
            return min(times)

        assert fastest("-m", "overture", "--help") < 3 * fastest("-c", "pass")

    def test_version(self, overture: Overture) -> None:
        assert overture("--version").out.startswith("overture 0.")


class TestBadInput:
    @pytest.mark.parametrize(
        ("words", "parts"),
        [
            (["nwe"], ["no command 'nwe'", "Did you mean new?"]),
            (["show", "skleran"], ["no component 'skleran'", "Did you mean sklearn?"]),
            (["list", "model"], ["no family 'model'", "Did you mean models?"]),
            (["preset", "show", "minmal"], ["no preset 'minmal'", "Did you mean minimal?"]),
            (["explain"], ["nothing to explain", "Name components"]),
            (["explain", "sklearn", "nothing"], ["no component 'nothing'"]),
            (["list", "--template", "file:///nowhere"], ["cannot be read from file:///nowhere"]),
            (["list", "--template", "no/where"], ["no template at no/where", "existing folder"]),
            (["list", "--template", "."], ["no copier.yml"]),
            (["new", "a", "b"], ["One folder at most: a b"]),
            (["preset", "list", "minimal"], ["takes no name"]),
            (["preset", "minmal"], ["no preset 'minmal'"]),
            (["new"], ["no terminal", "--defaults"]),
            ([*START, "-d", "modles=sklearn"], ["no question modles (did you mean models?)"]),
            ([*START, "-d", "catalogue=[]"], ["no question catalogue"]),
            ([*START, "-d", "_commit=x"], ["no question _commit"]),
            ([*START, "-d", "models"], ["not KEY=VALUE"]),
            ([*START, "-d", "models=skleran"], ["no choice 'skleran'", "Did you mean sklearn?"]),
            ([*START, "-d", "jobs="], ["jobs: Choose at least 1", "add training"]),
            ([*START, "-d", "package=json"], ["package: json is a Python keyword or module"]),
            ([*START, "--answers", "none.yml"], ["none.yml cannot be read"]),
            ([*START, "--preset", "standrad"], ["Did you mean standard?"]),
        ],
    )
    def test_is_rejected_with_one_message(
        self, overture: Overture, words: list[str], parts: list[str], tmp_path: Path
    ) -> None:
        done = overture(*words)
        assert done.code == 2
        assert done.err.startswith("overture: ")
        assert "Traceback" not in done.err
        assert all(part in done.err for part in parts), done.err
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("text", ["a: [", "- a", "3", "1: 2", "\0"])
    def test_in_an_answers_file(self, overture: Overture, tmp_path: Path, text: str) -> None:
        (tmp_path / "answers.yml").write_text(text)
        done = overture(*START, "--answers", "answers.yml")
        assert done.code == 2
        assert "answers.yml" in done.err

    def test_in_a_template_of_another_kind(self, overture: Overture, tmp_path: Path) -> None:
        (tmp_path / "other").mkdir()
        (tmp_path / "other/copier.yml").write_text("project_name: {default: p}\n")
        done = overture(*START, "--template", "other")
        assert done.code == 2
        assert "renders no project that Overture knows" in done.err
        assert [path.name for path in tmp_path.iterdir()] == ["other"]

    @pytest.mark.parametrize(
        "text", ["a: [", "- a", "a: {type: bool}", "a: {choices: 5}", "a: {default: '{{ b'}"]
    )
    def test_in_the_questions_of_a_template(
        self, overture: Overture, tmp_path: Path, text: str
    ) -> None:
        (tmp_path / "other").mkdir()
        (tmp_path / "other/copier.yml").write_text(text)
        done = overture(*START, "--template", "other")
        assert done.code == 2
        assert "Traceback" not in done.err

    def test_in_the_users_copier_settings(
        self, overture: Overture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COPIER_SETTINGS_PATH", str(tmp_path / "settings.yml"))
        (tmp_path / "settings.yml").write_text("defaults: 5\n")
        done = overture(*START)
        assert done.code == 2
        assert "Copier's settings cannot be read" in done.err

    def test_among_options(self, overture: Overture) -> None:
        assert overture("new", "--defualts").code == 2


class TestAnswers:
    def answers(self, overture: Overture, *words: str | Path) -> dict[str, object]:
        done = overture("new", "--dry-run", "--json", *words)
        assert done.code == 0, done.err
        answers: dict[str, object] = json.loads(done.out)["answers"]
        return answers

    def test_precedence_is_preset_then_file_then_data(
        self, overture: Overture, tmp_path: Path
    ) -> None:
        file = tmp_path / "answers.yml"
        file.write_text("datasets: [csv]\nlicense: Apache-2.0\n_commit: abc\n_src_path: gone\n")
        words = ("--preset", "minimal", "--answers", file, "license=MIT")
        answers = self.answers(overture, *words)
        assert (answers["trackers"], answers["datasets"], answers["license"]) == (
            [],
            ["csv"],
            "MIT",
        )

    @pytest.mark.parametrize("name", ["minimal", "standard", "classification"])
    def test_of_each_preset_are_valid(self, overture: Overture, name: str) -> None:
        assert self.answers(overture, "--preset", name)

    def test_of_the_minimal_preset_choose_little(self, shipped: Template) -> None:
        minimal = yaml.safe_load((ROOT / "presets/minimal.yml").read_text())
        assert all(len(value) <= 1 for value in minimal.values() if isinstance(value, list))
        assert set(shipped.interview.resolve({}).answers) - set(minimal) >= {"project_name"}


class TestLists:
    def test_every_component(self, overture: Overture) -> None:
        listed = json.loads(overture("list", "--json").out)
        assert {entry["id"] for entry in listed} == {entry["id"] for entry in shown()}

    def test_one_family(self, overture: Overture) -> None:
        listed = json.loads(overture("list", "datasets", "--json").out)
        assert [entry["id"] for entry in listed] == ids("datasets")

    def test_as_text(self, overture: Overture) -> None:
        done = overture("list", "models")
        assert done.out.startswith("Models: ")
        assert re.search(r"sklearn +scikit-learn: ", done.out)
        assert "without labels (cannot be chosen yet)" in overture("list", "monitors").out

    def test_presets(self, overture: Overture) -> None:
        presets = json.loads(overture("preset", "list", "--json").out)
        assert {"minimal", "standard", "classification"} <= {preset["name"] for preset in presets}
        assert all(preset["summary"] for preset in presets)

    def test_one_preset_as_an_answers_file(self, overture: Overture) -> None:
        stated = yaml.safe_load((ROOT / "presets/minimal.yml").read_text())
        for words in (["minimal"], ["show", "minimal"]):
            assert yaml.safe_load(overture("preset", *words).out) == stated


class TestShow:
    @pytest.mark.parametrize("id_", [entry["id"] for entry in catalogue()])
    def test_prints_files_and_dependencies(self, overture: Overture, id_: str) -> None:
        shown = json.loads(overture("show", id_, "--json").out)
        entry = shown["component"]
        assert entry["id"] == id_
        assert entry["title"] in overture("show", id_).out
        assert shown["files"] or entry["recipes"]

    def test_marks_owned_files(self, overture: Overture) -> None:
        schema = "src/<package>/schemas/regression.py"
        assert json.loads(overture("show", "regression", "--json").out)["owned"] == [schema]
        assert f"{schema}  (yours: written once)" in overture("show", "regression").out


class TestExplain:
    @pytest.mark.parametrize("command", ["show", "explain"])
    def test_why_a_component_is_withheld(self, overture: Overture, command: str) -> None:
        assert re.search(r"withheld +NannyML 0\.13\.1 pins", overture(command, "nannyml").out)

    def test_a_component(self, overture: Overture, ruled: Template) -> None:
        done = overture("explain", "vault_x", "--json", "--template", ruled.root)
        explained = json.loads(done.out)
        assert explained["provides"] == ["registry_x"]
        assert explained["conflicts"] == ["diary_x: Both write one file."]
        assert explained["serves"] == ["promotion_x: It moves models in a registry."]

    def test_an_invalid_selection(self, overture: Overture, ruled: Template) -> None:
        done = overture("explain", "lightning_x", "hive_x", "--template", ruled.root)
        assert done.code == 3
        assert "models: lightning_x needs torch_x: It trains Torch modules." in done.out
        assert "add torch_x, add spark_x" in done.out
        assert "--data models=lightning_x,torch_x" in done.out
        assert "--data engines=spark_x" in done.out

    def test_a_selection_by_answers(self, overture: Overture, ruled: Template) -> None:
        words = ("--template", ruled.root, "--json", "-d", "models=lightning_x")
        explained = json.loads(overture("explain", *words).out)
        assert not explained["valid"]
        assert explained["proposal"]["adjustments"] == ["add torch_x"]

    def test_a_valid_selection(self, overture: Overture) -> None:
        done = overture("explain", "sklearn", "datasets=csv")
        assert done.code == 0
        assert "This selection is valid" in done.out

    def test_an_error_that_no_component_can_fix(self, overture: Overture) -> None:
        done = overture("explain", "--data", "project_name=!")
        assert done.out.startswith("project_name: A project name has")
        assert "closest" not in done.out

    def test_two_of_a_family_that_allows_one(self, overture: Overture, ruled: Template) -> None:
        done = overture("explain", "github", "forge_x", "--template", ruled.root)
        assert done.code == 2
        assert "ci allows one choice" in done.err

    def test_is_suggested_when_new_rejects_answers(
        self, overture: Overture, ruled: Template
    ) -> None:
        done = overture(*START, "--template", ruled.root, "-d", "models=lightning_x")
        assert done.code == 2
        assert "overture new --data models=lightning_x,torch_x" in done.err


class TestSchema:
    def test_is_valid_and_accepts_recorded_answers(self, overture: Overture) -> None:
        schema = json.loads(overture("schema").out)
        jsonschema.Draft202012Validator.check_schema(schema)
        answers = json.loads(overture("new", "--dry-run", "--json", "--defaults").out)["answers"]
        jsonschema.validate({**answers, "_commit": "v1"}, schema)

    @pytest.mark.parametrize(
        "preset", sorted((ROOT / "presets").glob("*.yml")), ids=lambda p: p.stem
    )
    def test_accepts_presets(self, overture: Overture, preset: Path) -> None:
        jsonschema.validate(yaml.safe_load(preset.read_text()), json.loads(overture("schema").out))

    @pytest.mark.parametrize(
        "answers", [{"modles": ["sklearn"]}, {"models": ["skleran"]}, {"models": []}, {"ci": "x"}]
    )
    def test_refuses(self, overture: Overture, answers: dict[str, object]) -> None:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(answers, json.loads(overture("schema").out))
