"""Labeled rows of a dataset, and the parts of them that models learn from and are tested on."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa

from ..datasets.base import Dataset
from ..progress import progress
from ..schemas.base import Schema, arrow, check_target
from ..splitters.base import Positions, Splitter
from ..tasks.base import Problem, Task
from .base import Model
from .rows import Rows


@dataclass(frozen=True)
class Examples:
    """The labeled rows of a dataset.

    Attributes:
        task: What is predicted.
        schema: The data contract.
        dataset: Where the rows lie.
        splitter: How they are parted.
        streaming: Whether features stay in the dataset, to be read when they are learned from.
        table: The rows, with the columns by which they are parted and, unless they are streamed,
            their features.
    """

    task: Task
    schema: Schema
    dataset: Dataset
    splitter: Splitter
    streaming: bool
    table: pa.Table

    @classmethod
    def read(
        cls, task: Task, schema: Schema, dataset: Dataset, splitter: Splitter, model: Model
    ) -> Self:
        """Read the rows that a model is to learn from, once nothing else can be wrong.

        Raises:
            ConfigurationError: If the splitter or the model does not suit task and contract.
            DataError: If the dataset does not hold what the contract says.
        """
        splitter.check(schema)
        dataset.check(schema.examples())
        model.check(task, schema)
        with progress(f"reading {dataset.name}") as advance:
            columns = schema.columns(features=not model.streaming)
            table = pa.Table.from_batches(dataset.rows(*columns), arrow(*columns))
            advance(table.num_rows)
        check_target(table[schema.target.name], schema.target)
        return cls(task, schema, dataset, splitter, model.streaming, table)

    @property
    def everything(self) -> Positions:
        """The positions of all rows, shape (n,)."""
        return np.arange(self.table.num_rows)

    def part(self, positions: Positions, seed: int) -> tuple[Positions, Positions]:
        """Part rows as the splitter does.

        Args:
            positions: Which rows, sorted, shape (n,).
            seed: What the parting follows from.

        Returns:
            The positions to learn from, and those to test on, each sorted.
        """
        train, test = self.splitter.split(self.table.take(positions), self.schema, seed)
        return positions[train], positions[test]

    def problem(self, train: Positions, test: Positions) -> Problem:
        """State the problem that rows to learn from pose.

        Raises:
            DataError: If rows to test on hold what it does not know.
        """
        target = self.table[self.schema.target.name]
        problem = self.task.problem(self.schema, target.take(train))
        self.task.encode(target.take(test), problem)
        return problem

    def rows(self, positions: Positions, problem: Problem) -> Rows:
        """Return rows by their positions: held in memory, unless they are streamed."""
        if self.streaming:
            return Rows.from_dataset(self.dataset, positions, problem, self.schema)
        return Rows.from_table(self.table.take(positions), problem, self.schema)

    def parted(
        self, model: Model, train: Positions, problem: Problem, seed: int
    ) -> tuple[Rows, Rows | None]:
        """Return what a model learns from, and by what it knows when to stop.

        If it is to stop once it gets no better, the rows are parted once more in the same way, and
        the smaller part is what that is measured on.

        Args:
            model: What learns.
            train: The positions of the rows to learn from, sorted, shape (n,).
            problem: What is predicted from what.
            seed: What the parting follows from.
        """
        if not model.early_stopping:
            return self.rows(train, problem), None
        train, validation = self.part(train, seed)
        return self.rows(train, problem), self.rows(validation, problem)
