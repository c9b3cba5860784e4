"""CSV files."""

from collections.abc import Iterable, Iterator
from typing import Literal

import pyarrow as pa
from pyarrow import csv
from pydantic import Field

from ..errors import DataError
from ..files import new_file
from .base import Dataset


class CsvDataset(Dataset):
    """A CSV file in UTF-8, whose first line names its columns.

    Attributes:
        kind: `csv`.
        delimiter: What parts the values.
        nulls: What stands for a missing value, beside nothing at all.
    """

    kind: Literal["csv"]
    delimiter: str = Field(",", min_length=1, max_length=1)
    nulls: tuple[str, ...] = ("NA", "NaN", "null")

    def columns(self) -> tuple[str, ...]:
        """See `Dataset.columns`."""
        with self._open() as reader:
            return tuple(reader.schema.names)

    def stream(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `Dataset.stream`."""
        try:
            with self._open(schema) as reader:
                yield from reader
        except (pa.ArrowInvalid, OSError) as error:
            raise DataError(f"{self.path}: {error}") from error

    def write(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.write`."""
        rows = 0
        options = csv.WriteOptions(delimiter=self.delimiter, quoting_style="needed")
        with (
            new_file(self.path) as aside,
            csv.CSVWriter(aside, schema, write_options=options) as writer,
        ):
            for batch in batches:
                writer.write_batch(batch)
                rows += batch.num_rows
        return rows

    def _open(self, schema: pa.Schema | None = None) -> csv.CSVStreamingReader:
        """Open the file for reading the columns of a schema, or all of them."""
        convert = csv.ConvertOptions(
            column_types=schema,
            include_columns=schema.names if schema else None,
            null_values=["", *self.nulls],
            strings_can_be_null=True,
        )
        try:
            return csv.open_csv(
                self.path,
                parse_options=csv.ParseOptions(delimiter=self.delimiter),
                convert_options=convert,
            )
        except FileNotFoundError as error:
            raise DataError(f"{self.path}: there is no such file") from error
        except (pa.ArrowInvalid, OSError) as error:
            raise DataError(f"{self.path}: not a readable CSV file: {error}") from error
