"""The ASGI application."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic_core import to_json

from ..errors import ProjectError
from .batching import Batcher, Busy
from .bodies import VERSION, Body, Rows, Values, bodies
from .limits import Limits
from .meters import Metered, Meters
from .served import Served

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
ONE, MANY, HEALTH, READY, METRICS = "/predict", "/predict/many", "/health", "/ready", "/metrics"


@dataclass(frozen=True)
class Bounds:
    """Limits of a service.

    Attributes:
        rows: The maximum number of rows in a request, and in a batch.
        waiting: The maximum number of waiting requests.
        largest: The maximum size of a body, in bytes.
        longest: The maximum time to receive a request, and again to answer it, in seconds.
    """

    rows: int
    waiting: int
    largest: int
    longest: float


def application(
    title: str, served: Served, meters: Meters, bounds: Bounds, ready: Callable[[], bool]
) -> FastAPI:
    """Return the application of a service.

    Args:
        title: Its title in the documentation at `/docs`.
        served: The model.
        meters: The metrics of the service.
        bounds: Its limits.
        ready: Returns whether the service accepts requests.
    """

    def counted(given: Rows) -> tuple[Rows, str]:
        meters.rows.observe(len(given))
        return served.predict(given)

    batcher = Batcher(counted, bounds.rows, bounds.waiting)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(batcher.run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    app = FastAPI(title=title, lifespan=lifespan)
    _add_predictions(app, batcher, served, bounds.rows)
    app.add_api_route(HEALTH, _health, tags=["state"], summary="Whether the process lives")

    async def state() -> Response:
        if ready():
            return JSONResponse({"status": "ready", "model": served.version})
        unavailable = HTTPStatus.SERVICE_UNAVAILABLE
        return JSONResponse({"detail": "the service is stopping"}, unavailable)

    async def metrics() -> Response:
        return PlainTextResponse(meters.text(), media_type=PROMETHEUS)

    app.add_api_route(READY, state, tags=["state"], summary="Whether requests are wanted")
    app.add_api_route(METRICS, metrics, tags=["state"], summary="What was counted, for Prometheus")
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_middleware(Limits, largest=bounds.largest, longest=bounds.longest)
    app.add_middleware(Metered, meters=meters, paths={ONE, MANY, HEALTH, READY, METRICS})
    return app


def _add_predictions(app: FastAPI, batcher: Batcher, served: Served, most: int) -> None:
    """Add the prediction routes."""
    shapes = bodies(served.problem, most)

    async def predicted(rows: Rows) -> tuple[Rows, str]:
        try:
            return await batcher.predict(rows)
        except Busy as error:
            detail = "too many requests wait already: try again in a second"
            headers = {"retry-after": "1"}
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers) from error
        except ProjectError as error:
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error

    async def one(row: Any) -> Response:
        rows, version = await predicted([row.model_dump(by_alias=True)])
        return _answer(rows[0] | {VERSION: version})

    async def many(body: Any) -> Response:
        rows, version = await predicted([row.model_dump(by_alias=True) for row in body.rows])
        return _answer({"predictions": rows, VERSION: version})

    def add(path: str, endpoint: Any, body: type[Body], answer: Any, summary: str) -> None:
        name = next(iter(endpoint.__annotations__))
        endpoint.__annotations__[name] = body  # FastAPI reads the annotations
        app.add_api_route(
            path,
            endpoint,
            methods=["POST"],
            response_model=answer,
            summary=summary,
            tags=["predictions"],
        )

    add(ONE, one, shapes.row, shapes.prediction, "Predict one row")
    add(MANY, many, shapes.rows, shapes.predictions, "Predict several rows")


def _answer(values: Values) -> Response:
    """Return a response of values, with times and NaN in a form that JSON can express."""
    return Response(to_json(values, inf_nan_mode="null"), media_type="application/json")


async def _health() -> dict[str, str]:
    return {"status": "ok"}


async def _invalid(_: Request, error: Exception) -> Response:
    """Return the validation errors of a body, without repeating its content."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    detail = [{key: each[key] for key in ("loc", "msg", "type")} for each in found]
    return JSONResponse({"detail": detail}, HTTPStatus.UNPROCESSABLE_ENTITY)
