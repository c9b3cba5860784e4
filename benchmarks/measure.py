"""Measures commands in turn, so that a drift of the machine affects all of them equally."""

import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

Command = Sequence[str]


@dataclass(frozen=True)
class Sample:
    """One run of a command: wall-clock seconds, and the peak memory of its largest process."""

    seconds: float
    mebibytes: float


@dataclass(frozen=True)
class Measured:
    """The measured runs of one command."""

    name: str
    samples: tuple[Sample, ...]

    @property
    def seconds(self) -> float:
        """The median time."""
        return median(sample.seconds for sample in self.samples)

    @property
    def mebibytes(self) -> float:
        """The median peak memory."""
        return median(sample.mebibytes for sample in self.samples)

    def ratio(self, other: "Measured") -> float:
        """The median of the ratios of durations, run by run."""
        pairs = zip(self.samples, other.samples, strict=True)
        return median(ours.seconds / theirs.seconds for ours, theirs in pairs)


def circumstances() -> dict[str, str]:
    """Return the date and the machine of a measurement, as each page states them."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "cores": str(os.cpu_count()),
        "machine": platform.machine(),
        "python": platform.python_version(),
    }


def versions(python: Path, *distributions: str) -> str:
    """Return the names and versions of distributions in an environment."""
    code = (
        "import sys; from importlib.metadata import version\n"
        "print(', '.join(f'{name} {version(name)}' for name in sys.argv[1:]))"
    )
    command = [str(python), "-c", code, *distributions]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def once(command: Command, cwd: Path, env: Mapping[str, str]) -> Sample:
    """Run a command once; if it fails, raise an error with its output."""
    with tempfile.TemporaryFile() as printed:
        started = time.perf_counter()
        process = subprocess.Popen(
            list(command),
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=printed,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            printed.seek(0)
            raise RuntimeError(f"{command}: {printed.read().decode(errors='replace')}")
    return Sample(seconds, usage.ru_maxrss / 1024)


def compare(
    commands: Mapping[str, Callable[[Path], Command]],
    runs: int,
    env: Mapping[str, str],
    cwd: Path | None = None,
) -> list[Measured]:
    """Run commands in turn, after a warm-up round.

    Args:
        commands: The commands, by name, each as a function of an empty folder.
        runs: The number of measured rounds.
        env: The environment variables.
        cwd: The working directory; the empty folder by default.
    """
    samples: dict[str, list[Sample]] = {name: [] for name in commands}
    for round_ in range(runs + 1):
        for name, command in commands.items():
            with tempfile.TemporaryDirectory() as folder:
                sample = once(command(Path(folder)), cwd or Path(folder), env)
            if round_:
                samples[name].append(sample)
    return [Measured(name, tuple(found)) for name, found in samples.items()]


def table(measured: Sequence[Measured], against: str) -> str:
    """Return a Markdown table of medians, with ratios to one of the commands."""
    base = next(row for row in measured if row.name == against)
    lines = [f"| | seconds | × {against} | MiB |", "| --- | ---: | ---: | ---: |"]
    lines += [
        f"| {row.name} | {row.seconds:.3f} | {row.ratio(base):.2f} | {row.mebibytes:.0f} |"
        for row in measured
    ]
    return "\n".join(lines)
