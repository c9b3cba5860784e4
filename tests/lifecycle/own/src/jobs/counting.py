"""Counting: how many rows there are, and how many of them lack a value."""

from typing import Literal

from ..datasets import AnyDataset
from ..runs.run import Run
from ..schemas import SCHEMAS
from ..schemas.base import arrow
from ..tasks import AnyTask
from .base import BatchJob


class Counting(BatchJob):
    """Count the rows of a table.

    Attributes:
        kind: `counting`.
        task: Whose features are looked at.
        data: The table.
    """

    kind: Literal["counting"] = "counting"
    task: AnyTask
    data: AnyDataset

    def execute(self, run: Run) -> None:
        """See `BatchJob.execute`."""
        rows = lacking = 0
        with run.reading(self.data) as count:
            for batch in self.data.read(arrow(*SCHEMAS[self.task.kind].features)):
                count(batch.num_rows)
                rows += batch.num_rows
                lacking += sum(column.null_count for column in batch.columns)
        run.metrics |= {"rows": rows, "missing_values": lacking}
