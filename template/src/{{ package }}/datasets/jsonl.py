"""JSON Lines files."""

import json
import math
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Literal

import pyarrow as pa
from pyarrow import json as arrow_json

from ..errors import DataError
from .compression import CODECS, copy_lines, reading, writing
from .files import FileDataset

BLOCK = 1 << 20  # the number of bytes per read, and the maximum length of a line


class JsonlDataset(FileDataset):
    """A JSON Lines file in UTF-8: one object per line, with the column names as keys.

    It is compressed if its name ends in .gz, .bz2 or .zst.

    A key that a line lacks is a missing value. See https://jsonlines.org.

    Attributes:
        kind: `jsonl`.
    """

    suffixes: ClassVar[tuple[str, ...]] = (
        "jsonl",
        "ndjson",
        *(f"jsonl{each}" for each in CODECS),
        *(f"ndjson{each}" for each in CODECS),
    )

    kind: Literal["jsonl"] = "jsonl"

    def exists(self) -> bool:
        """See `Dataset.exists`; an empty file is not a table."""
        return self.path.exists() and self.path.stat().st_size > 0

    def there(self) -> pa.Schema:
        """See `Dataset.there`; names and types are inferred from the first lines.

        Raises:
            DataError: Also if the file is empty, since its columns are then unknown.
        """
        if self.path.exists() and not self.exists():
            raise DataError(f"{self.location}: no rows to read: provide at least one")
        with self._open() as reader:
            return reader.schema

    def unchanged(self) -> pa.Schema:
        """See `Dataset.unchanged`; a type inferred as a timestamp is text in the file."""
        return pa.schema([_as_written(field) for field in self.there()])

    def lines(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `FileDataset.lines`."""
        there = self.there()
        plain = pa.schema([_parsed(field, there) for field in schema])
        try:
            with self._open(plain) as reader:
                yield from reader
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
            raise DataError(f"{self.location}: {error}") from error

    def write_to(self, path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `FileDataset.write_to`."""
        with writing(path, self.path) as file:
            return self._add(file, schema, batches)

    def lengthen(self, path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `FileDataset.lengthen`; existing lines are copied unchanged."""
        with writing(path, self.path) as file:
            copy_lines(self.path, file)
            return self._add(file, schema, batches)

    def _add(
        self, file: pa.NativeFile, schema: pa.Schema, batches: Iterable[pa.RecordBatch]
    ) -> int:
        """Write rows to a file, and return their number."""
        rows = 0
        for batch in batches:
            for row in batch.to_pylist():
                values = {name: self._plain(row[name]) for name in schema.names}
                line = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
                file.write(f"{line}\n".encode())
            rows += batch.num_rows
        return rows

    def _plain(self, value: Any) -> Any:
        """Return a value in a JSON type: a time as text, and NaN as null."""
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, float) and not math.isfinite(value):
            if math.isinf(value):
                raise DataError(f"{self.location}: JSON has no infinite numbers: remove them")
            return None
        return value

    def _open(self, schema: pa.Schema | None = None) -> "arrow_json.JSONStreamingReader":
        """Open the file for reading the columns of a schema, or all columns."""
        parse = arrow_json.ParseOptions(
            explicit_schema=schema,
            unexpected_field_behavior="infer" if schema is None else "ignore",
        )
        try:
            return arrow_json.open_json(
                reading(self.path),
                read_options=arrow_json.ReadOptions(block_size=BLOCK),
                parse_options=parse,
            )
        except FileNotFoundError as error:
            raise DataError(f"{self.location}: there is no such file") from error
        except (pa.ArrowInvalid, OSError) as error:
            raise DataError(f"{self.location}: cannot be read as JSON Lines: {error}") from error


def _parsed(field: pa.Field, there: pa.Schema) -> pa.Field:
    """Return the type to parse a column as: its type in the file, which is cast afterwards.

    A type inferred as a timestamp is text in the file. A number may be whole in the first lines
    only, and a column without values there has the requested type.
    """
    found = there.field(field.name).type if field.name in there.names else pa.null()
    if pa.types.is_timestamp(found):
        return _as_written(field.with_type(found))
    if pa.types.is_null(found) or (pa.types.is_integer(found) and pa.types.is_floating(field.type)):
        is_time = pa.types.is_timestamp(field.type)
        return field.with_type(pa.string()) if is_time else field
    return field.with_type(found)


def _as_written(field: pa.Field) -> pa.Field:
    """Return a column with text in place of an inferred timestamp."""
    return field.with_type(pa.string()) if pa.types.is_timestamp(field.type) else field
