"""Inject one fault at a time into a copy of the repository, and check that the gate finds it.

A gate that is quick because it tests little would miss them. Each fault is a realistic mistake, and
is tested with the part of `make test-all` that should find it.
"""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rendering import ROOT

COPY = ROOT / "build/faults/overture"
SOURCE = "template/src/{{ package }}"
SUITES = "tests/projects/test_own_suites.py"


@dataclass(frozen=True)
class Fault:
    """A replacement of text in a file.

    Attributes:
        name: The description.
        path: The file; it is created if it does not exist.
        old: The text to replace; empty if the file is created.
        new: The faulty text.
        tests: The arguments of pytest.
    """

    name: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]


FAULTS = (
    Fault(
        "a wrong prediction in one framework's module",
        f"{SOURCE}/models/lightgbm.py",
        "return np.asarray(self.booster.predict(self.encoding.matrix(features, np.float64)))",
        "return np.asarray(self.booster.predict(self.encoding.matrix(features, np.float64)))[::-1]",
        (f"{SUITES}::test_a_framework_passes_its_own_tests[lightgbm]",),
    ),
    Fault(
        "a union joint that omits a member",
        "interview/unions.jinja",
        "{% set all = names + ['Custom' ~ noun] %}",
        "{% set all = names[:-2] + names[-1:] + ['Custom' ~ noun] %}",
        ("tests/template/test_only_chosen.py", "-k", "union"),
    ),
    Fault(
        "a dataset that drops the last batch",
        f"{SOURCE}/datasets/jsonl.py",
        "                for batch in reader:\n",
        "                for batch in list(reader)[:-1]:\n",
        (f"{SUITES}::test_everything_light_passes_its_own_tests[datasets-datasets]",),
    ),
    Fault(
        "a rule without its remedy",
        "interview/rules.jinja",
        " Leave one of them out.",
        "",
        ("tests/generator/test_rules.py", "tests/generator/test_interview.py"),
    ),
    Fault(
        "a merge that loses a line",
        "generator/overture/project/merging.py",
        "content = _three_way(folder, stages)",
        'content = _three_way(folder, stages).rpartition(b"\\n")[0]',
        ("tests/lifecycle/test_merging.py",),
    ),
    Fault(
        "an artifact hash that is not checked",
        f"{SOURCE}/models/artifact.py",
        "        if actual != expected:\n",
        "        if not actual:\n",
        (f"{SUITES}::test_everything_light_passes_its_own_tests[models-models]",),
    ),
    Fault(
        "a README command that fails",
        "template/README.md.jinja",
        "uv run {{ project_name }} schema",
        "uv run {{ project_name }} schemas",
        ("tests/projects/test_installed.py", "-k", "default and pinned"),
    ),
    Fault(
        "a dependency that is not declared",
        "components/jobs/serving.yml",
        "starlette>=0.40, ",
        "",
        ("tests/template/test_static.py", "-k", "declared and serving"),
    ),
    Fault(
        "an import of an unselected component",
        f"{SOURCE}/datasets/__init__.py.jinja",
        "from ..strategy import ByKind\n",
        "from ..strategy import ByKind\nfrom .csv import CsvDataset\n",
        ("tests/template/test_static.py", "-k", "declared and jsonl"),
    ),
    Fault(
        "a configuration error without its key",
        f"{SOURCE}/config/validate.py",
        "(configuration.origin(key), key, text)",
        "(configuration.origin(key), text)",
        (f"{SUITES}::test_the_least_passes_its_own_tests",),
    ),
    Fault(
        "a component whose entry names a file that does not exist",
        "components/extras/docs.yml",
        "files: [",
        "files: [docs/nowhere.md, ",
        ("tests/template/test_catalogue.py",),
    ),
    Fault(
        "a template file without an owner",
        f"{SOURCE}/orphan.py",
        "",
        '"""A module without an owner."""\n',
        ("tests/template/test_catalogue.py",),
    ),
)


def copied() -> None:
    """Copy the files that git would commit; environments are separate, as faults change them."""
    kept = COPY / "build"
    if COPY.exists():
        for path in COPY.iterdir():
            if path != kept:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    words = ("git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, COPY / name)
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    for step in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "-m", "A copy")):
        subprocess.run(("git", "-C", str(COPY), *who, *step), check=True)


def outcome(tests: tuple[str, ...]) -> tuple[bool, str]:
    """Run tests in the copy; return whether they pass, and the summary line."""
    env = os.environ | {"PYTHONPATH": str(COPY / "generator")}
    command = (sys.executable, "-m", "pytest", "-q", "-m", "not nightly", *tests)
    done = subprocess.run(command, cwd=COPY, env=env, capture_output=True, text=True, check=False)
    last = (done.stdout.strip().splitlines() or [done.stderr])[-1]
    if done.returncode not in {0, 1}:  # no tests, or an error in their collection
        sys.exit(f"{' '.join(tests)}:\n{done.stdout}{done.stderr}")
    return done.returncode == 0, last


def found(fault: Fault) -> bool:
    """Inject a fault, return whether the tests find it, and remove it again."""
    path = COPY / fault.path
    before = path.read_text(encoding="utf-8") if fault.old else ""
    if fault.old not in before:
        sys.exit(f"{fault.path} does not contain the text to replace: {fault.old!r}")
    path.write_text(before.replace(fault.old, fault.new) if before else fault.new, encoding="utf-8")
    started = time.monotonic()
    passes, last = outcome(fault.tests)
    if before:
        path.write_text(before, encoding="utf-8")
    else:
        path.unlink()
    took = time.monotonic() - started
    print(f"{'MISSED' if passes else 'found':6} {took:4.0f} s  {fault.name}: {last}", flush=True)
    return not passes


def main() -> None:
    """Check that the tests pass without a fault, and then that they find each fault."""
    asked = [fault for fault in FAULTS if not sys.argv[1:] or sys.argv[1] in fault.name]
    copied()
    for tests in dict.fromkeys(fault.tests for fault in asked):
        passes, last = outcome(tests)
        if not passes:
            sys.exit(f"Without a fault, this fails: {' '.join(tests)}: {last}")
    missed = [fault.name for fault in asked if not found(fault)]
    print(f"{len(asked)} injected, {len(asked) - len(missed)} found")
    sys.exit(bool(missed))


if __name__ == "__main__":
    Path(COPY).mkdir(parents=True, exist_ok=True)
    main()
