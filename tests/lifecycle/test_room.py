"""The common edits of a project with every component never conflict with later changes.

The tests add and remove every component of the catalogue, so they cover new ones.
"""

import re
from pathlib import Path

import pytest
import yaml
from environments import cache, clean, inside, uv
from lifecycle.repositories import Repository, repository
from rendering import ROOT, Answers, run
from selections import REQUIRED, by_family, each_family, everything, ids, selected, unmet

from overture.cli import main

OWN = Path(__file__).parent / "own"
MINE = "mine: keep this line"
EDITED = {"regression", "training", "github"}  # the components of the edits below
CONFIGURED = "sklearn"  # the component whose settings the edits below change


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The working tree's template, and two later versions that change shared files."""
    made = repository(tmp_path_factory.mktemp("room") / "template")
    made.release("0.1.0")
    template = made.path / "template"
    replace(template / "README.md.jinja", "## Checks\n", "## Every check\n")
    replace(template / "pyproject.toml.jinja", '  "pytest>=8.4",', '  "pytest>=8.4.1",')
    made.release("0.2.0")
    replace(template / "README.md.jinja", "## Start\n", "## To start\n")
    replace(template / "README.md.jinja", "## Origin\n", "## News\n\nMore.\n\n## Origin\n")
    replace(template / "confs/models/sklearn.yaml", "# scikit-learn; ", "# For scikit-learn; ")
    replace(template / "AGENTS.md.jinja", "# For coding agents\n", "# For agents\n")
    replace(template / ".gitignore.jinja", "# Tools\n", "# Tools\n.tox/\n")
    made.release("0.3.0")
    return made


def replace(path: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def edited(project: Path) -> dict[str, list[str]]:
    """Edit a project as its README says, and return the user's lines, by file."""
    package = project.name
    source = project / "src" / package
    neighbors = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    module, test = re.findall(r"```python\n(.*?)```", neighbors, re.DOTALL)[:2]
    written = {
        "src/models/neighbors.py": module,
        "tests/models/test_neighbors.py": test.replace("{{ package }}", package),
    }
    for path in OWN.rglob("*.*"):
        if path.is_file() and "__pycache__" not in path.parts:
            text = path.read_text(encoding="utf-8").replace("{{ package }}", package)
            written[path.relative_to(OWN).as_posix()] = text
    for name, text in written.items():
        path = project / name.replace("src/", f"src/{package}/", 1)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for family, own, module, name in (
        ("models", "CustomModel", "neighbors", "NeighborsModel"),
        ("datasets", "CustomDataset", "feather", "FeatherDataset"),
        ("metrics", "CustomMetric", "pinball", "Pinball"),
        ("jobs", "CustomJob", "counting", "Counting"),
    ):
        place = source / family / "custom.py"
        replace(place, "from typing import Never\n", f"from .{module} import {name}\n")
        replace(place, f"{own} = Never\n", f"{own} = {name}\n")
    for words in (["scipy>=1.15"], ["--dev", "scipy-stubs"]):
        run(uv(), "add", "--frozen", *words, cwd=project, env=clean())
    replace(project / "pyproject.toml", "[tool.mypy]\n", f"[tool.mypy]\n# {MINE}\n")
    training = project / "confs/jobs/training.yaml"
    replace(training, "seed: 0", f"seed: 1 # {MINE}")
    replace(training, "metrics: [", "metrics: [pinball, ")
    replace(training, "learning_rate: 0.05", f"learning_rate: 0.1 # {MINE}")
    replace(training, "encode: onehot", f"encode: ordinal # {MINE}")
    replace(source / "schemas/regression.py", '        number("hdl"),\n', f"        # {MINE}\n")
    marked = "      # further steps of this project\n"
    step = f"      - run: echo '{MINE}'\n"
    replace(project / ".github/workflows/checks.yml", marked, marked + step)
    with (project / "README.md").open("a", encoding="utf-8") as file:
        file.write(f"\n## Our own\n\n{MINE}\n")
    replace(project / ".gitignore", "# Python\n", f"# Python\n# {MINE}\n")
    run("git", "add", "--all", cwd=project)
    run("git", "commit", "--quiet", "-m", "The common edits", cwd=project)
    return mine(project)


def mine(project: Path) -> dict[str, list[str]]:
    """Return the user's lines of a project, by file."""
    own = {path.name for path in OWN.rglob("*.*")} | {"neighbors.py", "test_neighbors.py"}
    found = {}
    for name in run("git", "ls-files", cwd=project).split("\n"):
        path = project / name
        if not path.is_file() or b"\0" in (content := path.read_bytes()):
            continue  # deleted, or binary
        lines = content.decode().splitlines()
        whole = path.name in own | {"custom.py"}
        kept = [line for line in lines if whole or MINE in line or "scipy" in line]
        if kept:
            found[name] = kept
    return found


def made(versions: Repository, chosen: Answers, folder: Path) -> Path:
    """Return a project of the first version."""
    data = [
        f"{key}={','.join(ids) if isinstance(ids, list) else ids}" for key, ids in chosen.items()
    ]
    words = [word for pair in data for word in ("--data", pair)]
    words += [
        "--data",
        "project_name=roomy",
        "--template",
        str(versions.path),
        "--ref",
        "0.1.0",
        "--yes",
    ]
    assert main(["new", str(folder), "--no-lock", *words]) == 0
    return folder


def steps(chosen: Answers, going: set[str]) -> list[list[str]]:
    """Return commands that remove components and add them again, with updates in between."""
    walks: list[list[str]] = []
    for entry in selected(chosen):
        family, id_ = entry["family"], entry["id"]
        if id_ not in going or (family in REQUIRED and len(chosen[family]) == 1):
            continue
        after = unmet([other["id"] for other in selected(chosen) if other != entry])
        walks += [["remove", *after, id_], ["add", id_, *after]]
    third = len(walks) // 3
    walks.insert(2 * third, ["update", "--to", "0.3.0"])
    walks.insert(third, ["update", "--to", "0.2.0"])
    return walks


def selection(project: Path) -> dict[str, list[str]]:
    """Return the recorded selection of a project, sorted."""
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text(encoding="utf-8"))
    return {key: sorted(value) for key, value in answers.items() if isinstance(value, list)}


def command(project: Path, *words: str) -> int:
    """Run the command for the project."""
    return main([words[0], "--project", str(project), "--yes", *words[1:]])


def committed(project: Path, message: str) -> None:
    """Commit the changes of a command."""
    run("git", "add", "--all", cwd=project)
    run("git", "commit", "--quiet", "--allow-empty", "-m", message, cwd=project)


MET = ("tests/models", "tests/jobs", "tests/test_cli.py", "tests/config/test_validate.py")
SOME = {"mlflow", "container", ids("datasets")[-1]} | EDITED
FEW = {*ids("tasks"), *ids("jobs")[:2], *SOME, *(each["id"] for each in selected(each_family()))}
REST = {entry["id"] for entry in selected(everything())} - SOME


@pytest.mark.parametrize(
    ("chosen", "going"),
    [
        pytest.param(by_family(FEW), SOME, id="those of the edits, and some"),
        pytest.param(everything(), REST, id="every other", marks=pytest.mark.nightly),
    ],
)
def test_no_change_of_the_selection_or_the_version_conflicts_with_a_common_edit(
    versions: Repository,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    chosen: Answers,
    going: set[str],
) -> None:
    project = made(versions, chosen, tmp_path / "roomy")
    before = edited(project)
    assert len(before) > 15
    recorded = selection(project)
    refused: list[str] = []
    for words in steps(chosen, going):
        code = command(project, *words)
        printed = "".join(capsys.readouterr())
        if code == 4 and words == ["remove", CONFIGURED]:
            assert "conflict: confs/jobs/training.yaml: 1 place to resolve" in printed
            assert command(project, "update", "--abort") == 0
            refused.append(words[-1])
            continue
        if (code == 2 and "You edited" in printed) or words[-1:] == refused[-1:]:
            refused.append(words[-1])
            continue
        assert code == 0, f"{words}\n{printed}"
        committed(project, " ".join(words))
    several = {CONFIGURED} if len(chosen["models"]) > 1 else set()
    assert set(refused) == EDITED & going | several
    assert selection(project) == recorded
    assert mine(project) == before


@pytest.mark.slow
def test_the_projects_own_checks_pass_with_the_common_edits(
    versions: Repository, python: Path, tmp_path: Path
) -> None:
    """The project has a component of every family; only tests that the edits affect run here."""
    project = made(versions, each_family(), tmp_path / "roomy")
    edited(project)
    for words in (["update", "--to", "0.3.0"], ["add", "csv"], ["add", "jsonl"], ["remove", "csv"]):
        assert command(project, *words) == 0
        committed(project, " ".join(words))
    env = inside(python, project)
    run("ruff", "check", "--no-cache", cwd=project, env=env)
    run("ruff", "format", "--check", "--no-cache", cwd=project, env=env)
    run("mypy", "--cache-dir", cache(python), cwd=project, env=env)
    run("lint-imports", cwd=project, env=env)
    assert " passed" in run(python, "-m", "pytest", "-q", *MET, cwd=project, env=env)
    job = ("-m", project.name, "run", "confs/jobs/counting.yaml")
    assert "counting finished" in run(python, *job, cwd=project, env=env)
