"""What jobs that fit models share: the labeled rows, how they are split, and checkpoints."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa

from ..datasets.base import Dataset
from ..datasets.contract import check_target
from ..datasets.copying import in_stable_order
from ..files import scratch
from ..progress import progress
from ..schemas.base import Schema, arrow
from ..splitters.base import Positions, Splitter
from ..tasks.base import Problem, Task
from .base import Model
from .rows import Rows


@dataclass(frozen=True)
class Fold:
    """The rows of one fit.

    Attributes:
        problem: The problem of the model.
        train: The training rows.
        validation: The validation rows, if the model stops early by them.
        test: The test rows.
    """

    problem: Problem
    train: Rows
    validation: Rows | None
    test: Rows


@dataclass(frozen=True)
class Examples:
    """The labeled rows of a dataset.

    Attributes:
        task: The task.
        schema: The data contract.
        dataset: The dataset.
        reader: The dataset that rows are read from: a local copy if its own order is not stable.
        splitter: How rows are split.
        streaming: Whether features stay in the dataset, and are read whenever they are needed.
        table: The rows, with the columns that the splitter needs and, unless they are streamed,
            their features.
    """

    task: Task
    schema: Schema
    dataset: Dataset
    reader: Dataset
    splitter: Splitter
    streaming: bool
    table: pa.Table

    @classmethod
    def read(
        cls,
        task: Task,
        schema: Schema,
        dataset: Dataset,
        splitter: Splitter,
        model: Model,
        folder: Path,
    ) -> Self:
        """Read the labeled rows, after the configuration has been validated.

        Args:
            task: The task.
            schema: The data contract.
            dataset: The labeled rows.
            splitter: How they are split.
            model: The model.
            folder: A local folder for a copy of the rows if the dataset has no stable order; it
                must exist for as long as rows are read.

        Raises:
            ConfigurationError: If the splitter or the model does not suit the task or the contract.
            DataError: If the dataset does not meet the contract.
        """
        splitter.check(schema)
        dataset.check(schema.examples())
        model.check(task, schema)
        reader = in_stable_order(dataset, schema.examples(), folder)
        with progress(f"reading {dataset.location}") as advance:
            columns = schema.columns(features=not model.streaming)
            table = pa.Table.from_batches(reader.rows(*columns), arrow(*columns))
            advance(table.num_rows)
        check_target(table[schema.target.name], schema.target, name=dataset.location)
        return cls(task, schema, dataset, reader, splitter, model.streaming, table)

    @property
    def copied(self) -> str | None:
        """The fingerprint of the local copy, if rows are read from one."""
        return None if self.reader is self.dataset else self.reader.fingerprint()

    @property
    def everything(self) -> Positions:
        """The positions of all rows, shape (n,)."""
        return np.arange(self.table.num_rows)

    def split(self, positions: Positions, seed: int) -> tuple[Positions, Positions]:
        """Split rows by the splitter.

        Args:
            positions: The positions of the rows, sorted, shape (n,).
            seed: The seed of the split.

        Returns:
            The positions of the training rows and of the test rows, each sorted.
        """
        train, test = self.splitter.split(self.table.take(positions), self.schema, seed)
        return positions[train], positions[test]

    def fold(self, model: Model, train: Positions, test: Positions, seed: int) -> Fold:
        """Return the rows to fit a model to and to test it on.

        If the model stops early, the training rows are split once more in the same way, and the
        smaller part is its validation rows.

        Args:
            model: The model.
            train: The positions of the training rows, sorted, shape (n,).
            test: The positions of the test rows, sorted, shape (m,).
            seed: The seed of that further split.

        Raises:
            DataError: If the test rows hold a class that the training rows do not.
        """
        target = self.table[self.schema.target.name]
        problem = self.task.problem(self.schema, target.take(train))
        self.task.encode(target.take(test), problem)
        validation = None
        if model.early_stopping:
            train, stopping = self.split(train, seed)
            validation = self._rows(stopping, problem)
        return Fold(problem, self._rows(train, problem), validation, self._rows(test, problem))

    def at(self, positions: Positions) -> Iterator[pa.RecordBatch]:
        """Yield rows by their positions, with every column of the data contract.

        Args:
            positions: Their positions, sorted, shape (n,).
        """
        start = 0
        for batch in self.reader.read(self.schema.examples()):
            first, last = np.searchsorted(positions, [start, start + batch.num_rows])
            yield batch.take(pa.array(positions[first:last] - start))
            start += batch.num_rows

    def checkpoints(
        self, model: Model, seed: int, output: Path, fingerprint: str | None
    ) -> Path | None:
        """Return the folder of the checkpoints of a fit, which the same fit alone resumes from.

        Args:
            model: The model.
            seed: The seed of every random choice.
            output: The folder of all runs.
            fingerprint: The fingerprint of the rows; without one they may differ next time,
                and there are no checkpoints.
        """
        if fingerprint is None:
            return None
        stated = (self.task, self.dataset, self.splitter, model, self.schema)
        texts = [each.model_dump_json() for each in stated]
        return scratch(
            output, "checkpoints", *texts, str(seed), *model.versions().values(), fingerprint
        )

    def _rows(self, positions: Positions, problem: Problem) -> Rows:
        """Return rows by their positions: held in memory, unless they are streamed."""
        stated = (problem, self.schema, self.task.weights(problem))
        if self.streaming:
            return Rows.from_dataset(self.reader, positions, *stated)
        return Rows.from_table(self.table.take(positions), *stated)
