"""Counts of categories that were not in the training rows of a model."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from ..casting import canonical, converted
from ..runs.run import Run


class Unseen:
    """Counts the values of categorical features that a model was not trained with."""

    def __init__(self, known: Mapping[str, Collection[str]]) -> None:
        """Take the categories of each feature in the training rows; others are not counted."""
        self.learn(known)
        self._rows: Counter[str] = Counter()
        self._examples: dict[str, str] = {}

    def learn(self, known: Mapping[str, Collection[str]]) -> None:
        """Replace the known categories, and keep the counts."""
        self._known = {name: pa.array(values, pa.string()) for name, values in known.items()}

    def watch(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield batches unchanged, and count."""
        for batch in batches:
            self.add(batch)
            yield batch

    def add(self, rows: pa.RecordBatch) -> None:
        """Count the rows of a batch with the features among its columns."""
        for name, known in self._known.items():
            values = canonical(converted(rows[name], pa.string()))
            unseen = values.filter(pc.invert(pc.is_in(values, known))).drop_null()
            if len(unseen):
                self._rows[name] += len(unseen)
                self._examples.setdefault(name, unseen[0].as_py())

    def conclude(self, run: Run) -> None:
        """Add the counts to a run, with a warning for each column."""
        if not self._rows:
            return
        columns = sorted(self._rows)
        for name in columns:
            run.warn(
                f"'{name}' has {self._rows[name]} values that are not in the training rows, such"
                f" as '{self._examples[name]}': the model does not know them"
            )
        run.tables["Unseen categories"] = pa.table(
            {
                "column": columns,
                "rows": [self._rows[name] for name in columns],
                "example": [self._examples[name] for name in columns],
            }
        )
