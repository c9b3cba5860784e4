"""The metrics of the service, in Prometheus' format."""

import time
from collections.abc import Collection
from typing import TYPE_CHECKING

import pyarrow as pa
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from ..runs.run import Run

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
ROWS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
REFUSED, FAILED = 400, 500  # the first status codes of each class
GONE = 499  # the client disconnected before the response


class Meters:
    """The metrics of one service.

    https://prometheus.io/docs/practices/naming.
    """

    def __init__(self) -> None:
        """Create the metrics."""
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "requests_total", "Requests.", ["path", "status"], registry=self._registry
        )
        self.seconds = Histogram(
            "request_seconds",
            "Seconds from the head of a request to its response.",
            ["path"],
            registry=self._registry,
            buckets=SECONDS,
        )
        self.rows = Histogram(
            "batch_rows", "Rows in a batch.", registry=self._registry, buckets=ROWS
        )
        self.swaps = Counter(
            "model_swaps_total", "Model replacements.", ["outcome"], registry=self._registry
        )
        self.model = Gauge(
            "model_info", "The model that is served.", ["version"], registry=self._registry
        )

    def swapped(self, outcome: str, version: str) -> None:
        """Count an attempt to load a model, and expose the version if it is served."""
        self.swaps.labels(outcome).inc()
        if outcome == "served":
            self.model.clear()
            self.model.labels(version).set(1)

    def conclude(self, run: Run) -> None:
        """Add the numbers of requests, by outcome, to a run."""
        counts = {
            (sample.labels["path"], int(sample.labels["status"])): int(sample.value)
            for metric in self.requests.collect()
            for sample in metric.samples
            if sample.name.endswith("_total")
        }
        run.metrics["requests"] = sum(counts.values())
        run.metrics["refused"] = sum(n for (_, s), n in counts.items() if REFUSED <= s < FAILED)
        run.metrics["failed"] = sum(n for (_, s), n in counts.items() if s >= FAILED)
        rows = [{"path": p, "status": s, "requests": n} for (p, s), n in sorted(counts.items())]
        if rows:
            run.tables["Requests"] = pa.Table.from_pylist(rows)

    def text(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self._registry)


class Metered:
    """Middleware that counts and times requests."""

    def __init__(self, app: "ASGIApp", *, meters: Meters, paths: Collection[str]) -> None:
        """Wrap an application; only the given paths are labels of their own."""
        self._app = app
        self._meters = meters
        self._paths = paths

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """See https://asgi.readthedocs.io/en/latest/specs/www.html."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = GONE
        started = time.perf_counter()

        async def noted(message: "Message") -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception:
            status = FAILED if status == GONE else status  # the outer middleware responds with 500
            raise
        finally:
            path = scope["path"] if scope["path"] in self._paths else "other"
            self._meters.requests.labels(path, str(status)).inc()
            self._meters.seconds.labels(path).observe(time.perf_counter() - started)
