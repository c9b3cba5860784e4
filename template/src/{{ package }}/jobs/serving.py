"""Serving: serve predictions over HTTP."""

import logging
import os
import threading
from typing import ClassVar, Literal

from pydantic import Field

from .. import PROJECT
from ..runs.run import Run
from ..sources import AnySource
from .base import BatchJob

logger = logging.getLogger(__name__)


class Serving(BatchJob):
    """Serve the predictions of a source's model over HTTP.

    When the source has another model, for example because an alias has moved, the service switches
    to it between two requests. SIGTERM or SIGINT stops the service once the accepted requests are
    finished, and a run records the session. A prediction uses one thread, unless OMP_NUM_THREADS is
    set.

    Attributes:
        kind: `serving`.
        model: The source of the saved model.
        host: The address to listen on; 0.0.0.0 listens on all interfaces.
        port: The port; 0 selects a free one.
        refresh: Seconds between two checks for another model.
        rows: The maximum number of rows in a request, and in a batch.
        waiting: The maximum number of waiting requests; others are rejected with 503.
        largest: The maximum size of a request, in bytes.
        longest: The timeout in seconds to receive a request, and again to answer it.
        grace: Seconds to finish accepted requests after a signal.
        drain: Seconds after a signal in which requests are still accepted, although the service
            reports that it is not ready.
    """

    makes: ClassVar[tuple[str, ...]] = ()

    kind: Literal["serving"] = "serving"
    model: AnySource
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    refresh: float = Field(10, gt=0)
    rows: int = Field(1000, ge=1)
    waiting: int = Field(1000, ge=1)
    largest: int = Field(1_048_576, ge=1)
    longest: float = Field(10, gt=0)
    grace: float = Field(10, ge=0)
    drain: float = Field(0, ge=0)

    def execute(self, run: Run) -> None:
        """See `BatchJob.execute`."""
        # Threads that share one small prediction wait for one another, and for all else that runs
        # here. Numerical libraries read this when they are loaded, which the model's is not yet.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        from ..service.app import Bounds, application
        from ..service.meters import Meters
        from ..service.served import Served
        from ..service.server import listen, serve

        meters = Meters()
        served = Served(self.model, meters.swapped)
        stopping = threading.Event()
        bounds = Bounds(self.rows, self.waiting, self.largest, self.longest)
        app = application(PROJECT, served, meters, bounds, lambda: not stopping.is_set())
        with listen(self.host, self.port) as listening:
            host, port = listening.getsockname()[:2]
            logger.info("serving %s on http://%s:%s", served.version, host, port)
            watching = threading.Thread(
                target=served.watch, args=(self.refresh, stopping), daemon=True
            )
            watching.start()
            serve(
                app,
                listening,
                longest=self.longest,
                grace=self.grace,
                drain=self.drain,
                stopping=stopping.set,
            )
        stopping.set()
        watching.join(self.grace)
        run.models |= {
            "model" if at == 0 else f"model {at + 1}": version
            for at, version in enumerate(served.versions)
        }
        meters.conclude(run)
        served.unseen.conclude(run)
