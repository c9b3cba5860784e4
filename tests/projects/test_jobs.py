"""Every job with every tracker and monitor on the sample data, and interrupted at any moment."""

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml
from environments import free_port, inside
from rendering import render, run
from selections import ids, light

pytestmark = pytest.mark.slow

ENDLESS = "serving"
ORDER = ("training", "tuning", "promotion")  # jobs whose results others use run first
JOBS = (*ORDER, *(id_ for id_ in ids("jobs") if id_ not in {*ORDER, ENDLESS}), ENDLESS)
PATIENCE = 120  # seconds within which a service must answer, or stop
SOON = 20  # seconds within which an interrupted job must end
SHORT = {"tuning": ("searcher.trials=3", "folds=2"), "explanation": ("rows=20",)}
SECRET = "canary0d41d8cd98f00b204e9800998ecf8427e0"  # which must not appear anywhere
SECRETS = ("AWS_SECRET_ACCESS_KEY", "AZURE_STORAGE_KEY", "MLFLOW_TRACKING_TOKEN", "WANDB_API_KEY")
SHORT_PIPELINE = """
kind: pipeline
steps:
  training: [confs/jobs/training.yaml]
  evaluation: [confs/jobs/evaluation.yaml, "model=${steps.training.artifacts.model}"]
  inference: [confs/jobs/inference.yaml, "model=${steps.training.artifacts.model}"]
settings: ["trackers=[]"]
"""
BETWEEN = "-- the next job --"
EACH = f"""
import json, sys
from demo.cli import main

for words in json.loads(sys.argv[1]):
    print("{BETWEEN}", flush=True)
    assert main(["run", *words]) == 0, words
    sys.stdout.flush()
"""
SEED = int(os.environ.get("OVERTURE_SEED", "0"))


@dataclass(frozen=True)
class Project:
    """A project with all light components, and the Python that runs it."""

    folder: Path
    python: Path

    def command(self, *words: str) -> list[str]:
        return [str(self.python), "-m", "demo", "run", *words]

    def job(self, name: str, *words: str) -> list[str]:
        return self.command(f"confs/jobs/{name}.yaml", *SHORT.get(name, ()), *words)

    @property
    def env(self) -> dict[str, str]:
        return inside(self.python, self.folder) | dict.fromkeys(SECRETS, SECRET)

    def start(self, command: Sequence[str]) -> "subprocess.Popen[str]":
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, cwd=self.folder, env=self.env, stdout=pipe, stderr=subprocess.STDOUT, text=True
        )

    def run_jobs(self, arguments: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Run jobs in one process, which imports libraries once, and return the output of each."""
        commands = [self.job(name, *words)[4:] for name, words in arguments.items()]
        words = ("-c", EACH, json.dumps(commands))
        printed = run(self.python, *words, cwd=self.folder, env=self.env)
        return dict(zip(arguments, printed.split(BETWEEN)[1:], strict=True))

    def run_job(self, name: str, *words: str) -> str:
        """Run a job, and return its output; a service is stopped once it is ready."""
        if name != ENDLESS:
            return run(*self.job(name, *words), cwd=self.folder, env=self.env)
        port = free_port()
        with self.start(self.job(name, *words, f"port={port}")) as service:
            answered(port, service)
            service.terminate()
            printed = service.communicate(timeout=PATIENCE)[0]
        assert service.returncode == 0, printed
        return printed


def answered(port: int, service: "subprocess.Popen[str]") -> None:
    """Wait until a service is ready."""
    until = time.monotonic() + PATIENCE
    while service.poll() is None and time.monotonic() < until:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/ready"):
            return
        time.sleep(0.05)
    raise AssertionError(service.communicate()[0])


@pytest.fixture(scope="module")
def project(template: Path, python: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("jobs") / "project"
    answers = light() | {"package": "demo", "project_name": "demo"}
    made = Project(render(template, answers, folder), python)
    made.run_job("training", "trackers=[]")
    made.run_job("promotion", "trackers=[]")
    return made


ROWS = """
import sys
import pyarrow.parquet as pq
print(*(pq.read_table(path).num_rows for path in sys.argv[1:]))
"""


def rows(project: Project, *tables: str) -> list[int]:
    """Return the number of rows of each table."""
    printed = run(project.python, "-c", ROWS, *tables, cwd=project.folder)
    return [int(word) for word in printed.split()]


def holds_secret(path: Path) -> bool:
    """Return whether a file contains the secret; a file that another test just moved does not."""
    with suppress(FileNotFoundError):
        return SECRET.encode() in path.read_bytes()
    return False


def results(folder: Path) -> Iterator[Path]:
    """Yield the folders of runs."""
    yield from (path.parent for path in folder.glob("[!.]*/[!.]*/run.json"))


def tracked_by(project: Project, job: str, trackers: Sequence[str]) -> list[str]:
    """Return the arguments with which a job is recorded by trackers, as configured by default."""
    shipped = [
        tracker
        for id_ in trackers
        for tracker in yaml.safe_load(
            (project.folder / f"confs/trackers/{id_}.yaml").read_text(encoding="utf-8")
        )["trackers"]
    ]
    file = project.folder / f"{'-'.join(trackers)}.yaml"
    file.write_text(yaml.safe_dump({"trackers": shipped}), encoding="utf-8")
    words = ["margin=0", "model=runs/training/latest/model"] if job == "promotion" else []
    return [file.name, f"output=tracked/{job}-{file.stem}", *words]


def is_recorded(project: Project, job: str, trackers: Sequence[str], printed: str) -> None:
    """Check that a job was recorded, and that the secret is in no record, output or file."""
    (folder,) = results(project.folder / f"tracked/{job}-{'-'.join(trackers)}")
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert [each["kind"] for each in record["config"]["trackers"]] == [*trackers]
    assert printed.count("recorded in ") == len(trackers)
    assert SECRET not in printed
    leaks = [path for path in project.folder.rglob("*") if path.is_file() and holds_secret(path)]
    assert not leaks


def test_every_job_is_recorded_by_all_trackers_at_once(project: Project) -> None:
    trackers = ids("trackers")
    arguments = {job: tracked_by(project, job, trackers) for job in JOBS}
    printed = project.run_jobs({job: arguments[job] for job in JOBS if job != ENDLESS})
    printed[ENDLESS] = project.run_job(ENDLESS, *arguments[ENDLESS])
    for job in JOBS:
        is_recorded(project, job, trackers, printed[job])


def test_two_runs_may_be_the_first_of_a_database_at_once(project: Project) -> None:
    database = ("confs/trackers/mlflow.yaml", "trackers.0.tracking_uri=sqlite:///first/mlflow.db")
    commands = [
        project.job("inference", *database, f"output=first/{at}", f"predictions.path={at}.parquet")
        for at in ("one", "other")
    ]
    with project.start(commands[0]) as one, project.start(commands[1]) as other:
        for each in (one, other):
            printed = each.communicate(timeout=PATIENCE)[0]
            assert each.returncode == 0, printed
            assert "recorded in MLflow" in printed


@pytest.mark.nightly
@pytest.mark.parametrize("tracker", ids("trackers"))
@pytest.mark.parametrize("job", JOBS)
def test_every_job_is_recorded_by_every_tracker(project: Project, job: str, tracker: str) -> None:
    printed = project.run_job(job, *tracked_by(project, job, [tracker]))
    is_recorded(project, job, [tracker], printed)


@pytest.mark.nightly
@pytest.mark.parametrize("monitor", ids("monitors"))
def test_every_monitor_appends_its_findings(project: Project, monitor: str) -> None:
    table = f"{monitor}.parquet"
    conf = f"confs/monitors/{monitor}.yaml"
    settings = (f"results.path={table}", f"output=watched/{monitor}", "trackers=[]")
    counts = []
    for _ in range(2):
        project.run_job("monitoring", conf, *settings)
        counts += rows(project, table)
    assert counts[1] == 2 * counts[0] > 0
    assert len(list(results(project.folder / f"watched/{monitor}"))) == 2


@pytest.mark.nightly
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
@pytest.mark.parametrize("job", [*JOBS, "pipeline"])
def test_leaves_a_complete_result_or_none_whenever_it_is_stopped(
    project: Project, job: str, how: signal.Signals
) -> None:
    """The moments are random within the duration of the job; OVERTURE_SEED is their seed."""
    moments = random.Random(f"{SEED} {job} {how.name}")
    output = f"stopped/{job}-{how.name}"
    if job == "pipeline":
        (project.folder / "short.yaml").write_text(SHORT_PIPELINE, encoding="utf-8")
        command = project.command("short.yaml", f"output={output}")
    else:
        port = [f"port={free_port()}"] if job == ENDLESS else []
        command = project.job(job, f"output={output}", "trackers=[]", *port)
    longest = 6.0
    for _ in range(2):
        started = time.monotonic()
        with project.start(command) as stopped:
            try:
                stopped.communicate(timeout=moments.uniform(0, longest))
            except subprocess.TimeoutExpired:
                stopped.send_signal(how)
                printed = stopped.communicate(timeout=PATIENCE if job == ENDLESS else SOON)[0]
                # 0: it finished before it was stopped.
                assert stopped.returncode in {-how, 128 + how, 0}, printed
            else:
                longest = time.monotonic() - started
        check(project, output)
    if job == ENDLESS:
        project.run_job(job, f"output={output}", "trackers=[]")
    else:
        run(*command, cwd=project.folder, env=project.env)
    assert list(results(project.folder / output))
    check(project, output)


def check(project: Project, output: str) -> None:
    """Check that all visible results are complete."""
    for made in (project.folder / output).glob("[!.]*/[!.]*"):
        record = json.loads((made / "run.json").read_text(encoding="utf-8"))
        assert (made / "report.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
        for place in record["artifacts"].values():
            assert (project.folder / place).exists() or " as 'champion'" in place
    assert all(rows(project, *(path.name for path in project.folder.glob("[!.]*.parquet"))))
