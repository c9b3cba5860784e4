from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from rendering import copy_template

from overture.cli import main
from overture.template.catalogue import Catalogue
from overture.template.interview import Interview

# Components with every kind of rule, since the shipped catalogue may lack some.
RULED = """
- {id: forecasting_x, family: tasks, title: T, summary: t}
- {id: torch_x, family: models, title: T, summary: t, tasks: [regression, forecasting_x]}
- id: lightning_x
  family: models
  title: L
  summary: l
  requires: [{component: torch_x, reason: It trains Torch modules.}]
- {id: trees_x, family: models, title: R, summary: r, tasks: [classification]}
- {id: spark_x, family: engines, title: S, summary: s}
- id: hive_x
  family: datasets
  title: H
  summary: h
  requires: [{component: spark_x, reason: Spark reads its tables.}]
- {id: vault_x, order: 80, family: trackers, title: V, summary: v, provides: [registry_x]}
- id: diary_x
  family: trackers
  title: D
  summary: d
  provides: [registry_x]
  conflicts: [{component: vault_x, reason: Both write one file.}]
- {id: watch_x, family: monitors, title: W, summary: w}
- {id: asleep_x, family: monitors, title: A, summary: a, withheld: It cannot be installed.}
- id: monitoring_x
  family: jobs
  recipe: monitor-x
  title: M
  summary: m
  requires: [{family: monitors, reason: A monitor computes what it reports.}]
- id: promotion_x
  family: jobs
  recipe: promote-x
  title: P
  summary: p
  requires: [{capability: registry_x, reason: It moves models in a registry.}]
- id: cluster_x
  family: platforms
  title: C
  summary: c
  requires:
    - {component: spark_x, reason: It runs Spark.}
    - {component: monitoring_x, reason: It watches itself.}
- id: forge_x
  family: ci
  title: F
  summary: f
  conflicts: [{component: cluster_x, reason: It cannot reach one.}]
"""


@dataclass(frozen=True)
class Template:
    """A copy of the template, with its interview and catalogue."""

    root: Path
    interview: Interview
    catalogue: Catalogue


@dataclass(frozen=True)
class Done:
    """The result of a command."""

    code: int
    out: str
    err: str


Overture = Callable[..., Done]


def _loaded(root: Path) -> Template:
    interview = Interview.load(root)
    return Template(root, interview, Catalogue.load(root, interview.families))


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The unchanged template."""
    return _loaded(copy_template(tmp_path_factory.mktemp("shipped") / "overture"))


@pytest.fixture(scope="session")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The template with components that have every kind of rule."""
    root = copy_template(tmp_path_factory.mktemp("ruled") / "overture")
    for entry in yaml.safe_load(RULED):
        folder = root / "components" / entry["family"]
        folder.mkdir(exist_ok=True)
        stated = {"order": 90, **entry, "homepage": "https://example.org"}
        (folder / f"{entry['id']}.yml").write_text(yaml.safe_dump(stated))
    return _loaded(root)


@pytest.fixture
def overture(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Overture:
    """A function that runs the command in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str | Path) -> Done:
        capsys.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 1
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return run
