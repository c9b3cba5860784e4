"""Batches: rows of requests that wait at the same time are predicted together."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .bodies import Rows


class Busy(Exception):  # noqa: N818  (a state, which the client may wait out)
    """More rows wait than may."""


@dataclass(frozen=True)
class Waiting:
    """A request that waits for its predictions.

    Attributes:
        rows: What is to be predicted.
        answer: What will hold the predictions and the version that made them.
    """

    rows: Rows
    answer: "asyncio.Future[tuple[Rows, str]]"


class Batcher:
    """Predicts in one thread; what comes while it is busy makes up the next batch.

    So no request waits for others to come, and the busier the service, the larger the batches.
    """

    def __init__(
        self, predict: Callable[[Rows], tuple[Rows, str]], most: int, waiting: int
    ) -> None:
        """State how rows are predicted, how many at once, and how many requests may wait."""
        self._predict = predict
        self._most = most
        self._queue: asyncio.Queue[Waiting] = asyncio.Queue(waiting)
        self._thread = ThreadPoolExecutor(1, "predict")

    async def predict(self, rows: Rows) -> tuple[Rows, str]:
        """Return what is predicted of rows, and by which version.

        Raises:
            Busy: If too many requests wait already.
            ProjectError: If the model refuses these rows.
        """
        answer: asyncio.Future[tuple[Rows, str]] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait(Waiting(rows, answer))
        except asyncio.QueueFull as error:
            raise Busy from error
        return await answer

    async def run(self) -> None:
        """Predict batch after batch, until cancelled."""
        held: Waiting | None = None
        while True:
            batch = [held or await self._queue.get()]
            held, count = None, len(batch[0].rows)
            while not self._queue.empty():
                following = self._queue.get_nowait()
                count += len(following.rows)
                if count > self._most:
                    held = following
                    break
                batch.append(following)
            await self._answer([each for each in batch if not each.answer.done()])

    async def _answer(self, batch: Sequence[Waiting]) -> None:
        """Predict the rows of some requests; if they cannot be together, each alone."""
        if not batch:
            return
        rows = [row for each in batch for row in each.rows]
        loop = asyncio.get_running_loop()
        try:
            predicted, version = await loop.run_in_executor(self._thread, self._predict, rows)
        except Exception as error:
            if len(batch) > 1:
                for each in batch:
                    await self._answer([each])
            elif not batch[0].answer.done():
                batch[0].answer.set_exception(error)
            return
        first = 0
        for each in batch:
            last = first + len(each.rows)
            if not each.answer.done():
                each.answer.set_result((predicted[first:last], version))
            first = last
