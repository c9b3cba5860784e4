"""Meters: what a service counts, in Prometheus' format."""

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
REFUSED, FAILED = 400, 500  # from these on, a status says so
GONE = 499  # the client went away before there was an answer


class Meters:
    """What is counted, apart for each service.

    https://prometheus.io/docs/practices/naming.
    """

    def __init__(self) -> None:
        """Begin at nothing."""
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "requests_total", "Requests.", ["path", "status"], registry=self._registry
        )
        self.seconds = Histogram(
            "request_seconds",
            "From the head of a request to its answer.",
            ["path"],
            registry=self._registry,
            buckets=SECONDS,
        )
        self.rows = Histogram(
            "batch_rows", "Rows predicted together.", registry=self._registry, buckets=ROWS
        )
        self.swaps = Counter(
            "model_swaps_total", "Models to be served.", ["outcome"], registry=self._registry
        )
        self.model = Gauge(
            "model_info", "The model that is served.", ["version"], registry=self._registry
        )

    def swapped(self, outcome: str, version: str) -> None:
        """Count a model that was to be served, and show it if it is."""
        self.swaps.labels(outcome).inc()
        if outcome == "served":
            self.model.clear()
            self.model.labels(version).set(1)

    def conclude(self, run: Run) -> None:
        """Add to a run how many requests there were, and how they ended."""
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
        """Return all that was counted, as Prometheus reads it."""
        return generate_latest(self._registry)


class Metered:
    """Counts requests, and how long each took."""

    def __init__(self, app: "ASGIApp", *, meters: Meters, paths: Collection[str]) -> None:
        """State what answers the requests, what counts, and which paths are told apart."""
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
            status = FAILED if status == GONE else status  # what is around answers so
            raise
        finally:
            path = scope["path"] if scope["path"] in self._paths else "other"
            self._meters.requests.labels(path, str(status)).inc()
            self._meters.seconds.labels(path).observe(time.perf_counter() - started)
