"""A service in a separate process, for tests."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from examples import COMMAND, ROOT, UNTRACKED, Example

PATIENCE = 120  # seconds until a service must respond
WORDS = ("confs/jobs/serving.yaml", "model=models/model", *UNTRACKED)


@dataclass
class Service:
    """A service in a separate process.

    Attributes:
        client: A client with the URL of the service.
        process: The process.
    """

    client: httpx.Client
    process: "subprocess.Popen[str]"

    def stop(self) -> tuple[int, str]:
        """Terminate the service, and return its exit code and output."""
        self.process.terminate()
        printed, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, printed


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def service(workplace: Path, *settings: str) -> Iterator[Service]:
    """Start the service from the command line, and wait until it is ready."""
    port = free_port()
    words = [*COMMAND, "run", *WORDS, f"port={port}", *settings]
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with (
        subprocess.Popen(words, cwd=workplace, env=env, **pipes) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client,
    ):
        until = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < until:
            with suppress(httpx.TransportError):
                if client.get("/ready").is_success:
                    break
            time.sleep(0.05)
        try:
            yield Service(client, process)
        finally:
            process.kill()


def first_rows(example: Example, count: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = example.rows().whole().features.slice(0, count).to_pylist()
    return rows


def metered(running: Service) -> dict[str, float]:
    """Return the metrics of a service."""
    lines = running.client.get("/metrics").text.splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}
