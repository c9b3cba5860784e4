"""CSV files."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, ClassVar, Literal

import pyarrow as pa
from pyarrow import csv
from pydantic import Field

from ..errors import DataError
from ..files import readable
from .files import FileDataset


class CsvDataset(FileDataset):
    """A CSV file in UTF-8 with a header line.

    Attributes:
        kind: `csv`.
        delimiter: The separator of values.
        nulls: The texts that mean a missing value, besides the empty one.
    """

    suffixes: ClassVar[tuple[str, ...]] = ("csv",)

    kind: Literal["csv"] = "csv"
    delimiter: str = Field(",", min_length=1, max_length=1)
    nulls: tuple[str, ...] = ("NA", "NaN", "null")

    def there(self) -> pa.Schema:
        """See `Dataset.there`; types are inferred from the first values."""
        with self._open() as reader:
            return reader.schema

    def lines(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `FileDataset.lines`."""
        try:
            with self._open(schema) as reader:
                yield from reader
        except (pa.ArrowInvalid, OSError) as error:
            raise DataError(f"{self.location}: {error}") from error

    def write_to(self, path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `FileDataset.write_to`."""
        with path.open("wb") as file:
            return self._add(file, schema, batches, header=True)

    def lengthen(self, path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `FileDataset.lengthen`; existing lines are copied unchanged."""
        with self.path.open("rb") as older, path.open("wb") as file:
            file.writelines(line.removesuffix(b"\n") + b"\n" for line in older)
            return self._add(file, schema, batches, header=False)

    def _add(
        self,
        file: BinaryIO,
        schema: pa.Schema,
        batches: Iterable[pa.RecordBatch],
        *,
        header: bool,
    ) -> int:
        """Write rows to a file, and return their number."""
        rows = 0
        options = csv.WriteOptions(
            include_header=header, delimiter=self.delimiter, quoting_style="needed"
        )
        with csv.CSVWriter(file, schema, write_options=options) as writer:
            for batch in batches:
                writer.write_batch(batch)
                rows += batch.num_rows
        return rows

    def _open(self, schema: pa.Schema | None = None) -> csv.CSVStreamingReader:
        """Open the file for reading the columns of a schema, or all columns."""
        convert = csv.ConvertOptions(
            column_types=schema,
            include_columns=schema.names if schema else None,
            null_values=["", *self.nulls],
            strings_can_be_null=True,
        )
        try:
            return csv.open_csv(
                readable(self.path),
                parse_options=csv.ParseOptions(delimiter=self.delimiter, newlines_in_values=True),
                convert_options=convert,
            )
        except FileNotFoundError as error:
            raise DataError(f"{self.location}: there is no such file") from error
        except (pa.ArrowInvalid, OSError) as error:
            raise DataError(f"{self.location}: cannot be read as CSV: {error}") from error
