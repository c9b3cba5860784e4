"""CSV files."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

import pyarrow as pa
from pyarrow import csv, types
from pydantic import Field, model_validator

from ..casting import cast
from ..errors import DataError
from .compression import CODECS, copy_lines, reading, writing
from .files import FileDataset
from .notation import Encoding, Notation, escape_formulas

UNWRITTEN = ("encoding", "decimal", "thousands", "quote", "escape")

DELIMITERS = frozenset(",;\t|")  # common ones

Character = Annotated[str, Field(min_length=1, max_length=1)]


class CsvDataset(FileDataset):
    """A CSV file with a header line; compressed if its name ends in .gz, .bz2 or .zst.

    Attributes:
        kind: `csv`.
        delimiter: The separator of values.
        nulls: The texts that mean a missing value, besides the empty one.
        encoding: The encoding of the text.
        decimal: The decimal mark of numbers.
        thousands: The separator of groups of three digits, if numbers have one.
        quote: The character around values; `null` if no value is quoted.
        escape: The character before a special one, if there is any.
        newlines_in_values: Whether quoted values may contain line breaks; reading is faster if not.
        quoting: Which values are quoted when written: texts, all, or none.
        escape_formulas: Whether texts that a spreadsheet would evaluate are written with `'` first.
    """

    suffixes: ClassVar[tuple[str, ...]] = ("csv", *(f"csv{each}" for each in CODECS))

    kind: Literal["csv"] = "csv"
    delimiter: Character = ","
    nulls: tuple[str, ...] = ("NA", "NaN", "null")
    encoding: Encoding = "utf-8"
    decimal: Character = "."
    thousands: Character | None = None
    quote: Character | None = '"'
    escape: Character | None = None
    newlines_in_values: bool = True
    quoting: Literal["needed", "all_valid", "none"] = "needed"
    escape_formulas: bool = False

    @model_validator(mode="after")
    def _check_marks(self) -> Self:
        """Reject a character with two meanings."""
        marks = [self.delimiter, self.decimal, self.thousands, self.quote, self.escape]
        stated = [mark for mark in marks if mark is not None]
        if len({*stated}) < len(stated) and self.escape != self.quote:
            raise ValueError("delimiter, decimal, thousands, quote and escape must differ")
        return self

    @property
    def _hint(self) -> str:
        return f"; set 'delimiter' to that of the file (now {self.delimiter!r})"

    @property
    def _numbers(self) -> Notation:
        return Notation(self.decimal, self.thousands)

    def there(self) -> pa.Schema:
        """See `Dataset.there`; types are inferred from the first values."""
        with self._open() as reader:
            found: pa.Schema = reader.schema
            for batch in islice(reader if self.thousands else (), 1):
                for at, field in enumerate(found):
                    if types.is_string(field.type) and self._numbers.all_match(batch[at]):
                        found = found.set(at, field.with_type(pa.float64()))
            return found

    def check(self, schema: pa.Schema) -> pa.Schema:
        """See `Dataset.check`; a header that is not split is an error of its own."""
        first, *others = self.there().names
        if not others and first not in schema.names and DELIMITERS & {*first}:
            raise DataError(f"{self.location}: the header is one column, '{first}'{self._hint}")
        return super().check(schema)

    def unchanged(self) -> pa.Schema:
        """See `Dataset.unchanged`; every column is text, so that 007 stays 007."""
        return pa.schema([(name, pa.string()) for name in self.there().names])

    def lines(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `FileDataset.lines`; numbers and times are texts, so that errors name the row."""
        parsed = [
            field.with_type(pa.string())
            if types.is_floating(field.type) or types.is_timestamp(field.type)
            else field
            for field in schema
        ]
        with self._open(pa.schema(parsed)) as reader, self._named():
            for batch in reader:
                columns = [
                    self._numbers.plain(values) if types.is_floating(field.type) else values
                    for values, field in zip(batch.columns, schema, strict=True)
                ]
                yield pa.RecordBatch.from_arrays(columns, names=schema.names)

    def write_to(self, path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `FileDataset.write_to`."""
        self._check_writable()
        with writing(path, self.path) as file:
            return self._add(file, schema, batches, header=True)

    def lengthen(self, path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `FileDataset.lengthen`; existing lines are copied unchanged."""
        self._check_writable()
        with writing(path, self.path) as file:
            copy_lines(self.path, file)
            return self._add(file, schema, batches, header=False)

    def _add(
        self,
        file: pa.NativeFile,
        schema: pa.Schema,
        batches: Iterable[pa.RecordBatch],
        *,
        header: bool,
    ) -> int:
        """Write rows to a file, and return their number."""
        rows = 0
        options = csv.WriteOptions(
            include_header=header, delimiter=self.delimiter, quoting_style=self.quoting
        )
        try:
            with csv.CSVWriter(file, schema, write_options=options) as writer:
                for batch in batches:
                    written = cast(batch, schema, self.location)  # NaN is missing
                    if self.escape_formulas:
                        written = escape_formulas(written)
                    writer.write_batch(written)
                    rows += batch.num_rows
        except pa.ArrowInvalid as error:
            raise DataError(f"{self.location}: cannot be written as CSV: {error}") from error
        return rows

    def _check_writable(self) -> None:
        """Refuse to write in another notation than UTF-8 and a decimal point."""
        for name in UNWRITTEN:
            if getattr(self, name) != (default := CsvDataset.model_fields[name].default):
                raise DataError(
                    f"{self.location}: '{name}' is for reading only: remove it to write"
                    f" (with {default!r})"
                )

    def _open(self, schema: pa.Schema | None = None) -> csv.CSVStreamingReader:
        """Open the file for reading the columns of a schema, or all columns."""
        convert = csv.ConvertOptions(
            column_types=schema,
            include_columns=schema.names if schema else None,
            null_values=["", *self.nulls],
            strings_can_be_null=True,
            decimal_point=self.decimal,
        )
        parse = csv.ParseOptions(
            delimiter=self.delimiter,
            quote_char=self.quote or False,
            escape_char=self.escape or False,
            newlines_in_values=self.newlines_in_values,
        )
        with self._named():
            reader = csv.open_csv(
                reading(self.path),
                read_options=csv.ReadOptions(encoding=self.encoding),
                parse_options=parse,
                convert_options=convert,
            )
            _ = reader.schema.names  # decodes the header
            return reader

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Convert errors of Arrow into a `DataError` that names the file and a remedy."""
        try:
            yield
        except FileNotFoundError as error:
            raise DataError(f"{self.location}: there is no such file") from error
        except (pa.ArrowInvalid, UnicodeDecodeError, OSError) as error:
            hint = self._hint if "Expected 1 columns" in str(error) else ""
            if isinstance(error, UnicodeDecodeError) or "UTF8" in str(error):
                hint = f"; set 'encoding' to that of the file (now {self.encoding}), as latin-1"
            raise DataError(f"{self.location}: cannot be read as CSV: {error}{hint}") from error
