"""Dynamic batching: the rows of waiting requests are predicted together."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .bodies import Rows


class Busy(Exception):  # noqa: N818  (a state, not an error: the client may retry)
    """Too many requests are waiting."""


@dataclass(frozen=True)
class Waiting:
    """A waiting request.

    Attributes:
        rows: The rows to predict.
        answer: The future predictions, with the version of the model.
    """

    rows: Rows
    answer: "asyncio.Future[tuple[Rows, str]]"


class Batcher:
    """Predicts in one thread; requests that arrive meanwhile form the next batch.

    No request waits for others to arrive, and batches grow with the load.
    """

    def __init__(
        self, predict: Callable[[Rows], tuple[Rows, str]], most: int, waiting: int
    ) -> None:
        """Take the prediction function, the batch size and the queue size."""
        self._predict = predict
        self._most = most
        self._queue: asyncio.Queue[Waiting] = asyncio.Queue(waiting)
        self._thread = ThreadPoolExecutor(1, "predict")

    async def predict(self, rows: Rows) -> tuple[Rows, str]:
        """Return the predictions of rows, and the version of the model.

        Raises:
            Busy: If too many requests are waiting.
            ProjectError: If the model rejects these rows.
        """
        answer: asyncio.Future[tuple[Rows, str]] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait(Waiting(rows, answer))
        except asyncio.QueueFull as error:
            raise Busy from error
        return await answer

    async def run(self) -> None:
        """Predict batches until cancelled."""
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
        """Predict the rows of several requests together; if that fails, each alone."""
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
