"""Parquet: a file, files that match a pattern, or a folder of them."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import Field

from ..errors import DataError
from ..files import fingerprint, located, new_folder
from ..location import location
from .files import FileDataset
from .scanning import scan

if TYPE_CHECKING:
    import pyarrow.dataset as ds

PATTERN = frozenset("*?[")
HIDDEN = re.compile(r"\.|_[^=]*$")  # how names begin that are passed over, unless a column's
WHOLE = re.compile(r"0|-?[1-9]\d{0,17}|__HIVE_DEFAULT_PARTITION__")  # in no other way a number


class ParquetDataset(FileDataset):
    """A table of Parquet files.

    `path` is a file, a pattern such as `data/2026-*.parquet`, or a folder, whose folders named
    `column=value` are read as columns. Only the columns that are needed are read, and of filtered
    files only the row groups that may hold a row which is wanted.

    Attributes:
        kind: `parquet`.
        compression: The codec of the files it writes.
        partitions: By which columns a folder is written, a folder for each of their values.
    """

    suffixes: ClassVar[tuple[str, ...]] = ("parquet",)

    kind: Literal["parquet"] = "parquet"
    compression: Literal["zstd", "snappy", "gzip", "none"] = "zstd"
    partitions: tuple[Annotated[str, Field(pattern=r"^[^./=][^/=]*$")], ...] = ()

    def exists(self) -> bool:
        """See `Dataset.exists`."""
        return bool(self._files())

    def fingerprint(self) -> str:
        """See `Dataset.fingerprint`: that of the file, or one of the names and those of all."""
        if self.path.is_file():
            return fingerprint(self.path)
        names = (f"{path} {fingerprint(path)}\n" for path in self._files())
        return hashlib.sha256("".join(names).encode()).hexdigest()

    def there(self) -> pa.Schema:
        """See `Dataset.there`."""
        return self._open().schema

    def stream(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `Dataset.stream`; files may differ in the types that they hold a column by."""
        import pyarrow.dataset as ds

        opened = self._open()
        asked = set(schema.names) - {each.column for each in self.where}
        wanted = pa.schema(
            [schema.field(each.name) if each.name in asked else each for each in opened.schema]
        )
        parts = [*opened.get_fragments()]
        files = ds.FileSystemDataset(parts, wanted, opened.format, opened.filesystem)
        try:
            yield from scan(files, schema, self.where)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
            raise DataError(f"{self.location}: {error}") from error

    def lines(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `FileDataset.lines`."""
        return self.model_copy(update={"where": ()}).stream(schema)

    def write(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.write`."""
        if not self.partitions:
            self._refuse_several()
            return super().write(schema, batches)
        import pyarrow.dataset as ds

        rows = 0

        def counted() -> Iterator[pa.RecordBatch]:
            nonlocal rows
            for batch in batches:
                rows += batch.num_rows
                yield batch

        parts = pa.schema([schema.field(name) for name in self.partitions])
        form = ds.ParquetFileFormat()
        with new_folder(self.path, replace=True) as aside:
            try:
                ds.write_dataset(
                    counted(),
                    aside,
                    schema=schema,
                    format=form,
                    partitioning=ds.partitioning(parts, flavor="hive"),
                    file_options=form.make_write_options(compression=self.compression),
                )
            except pa.ArrowInvalid as error:
                by = ", ".join(self.partitions)
                raise DataError(f"{self.location}: cannot be parted by {by}: {error}") from error
        return rows

    def append(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.append`."""
        self._refuse_several()
        return super().append(schema, batches)

    def write_to(self, path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `FileDataset.write_to`."""
        rows = 0
        with pq.ParquetWriter(path, schema, compression=self.compression) as writer:
            for batch in batches:
                writer.write_batch(batch)
                rows += batch.num_rows
        return rows

    def _files(self) -> list[Path]:
        """Return the files of the table, in the order of their names."""
        if self.path.is_file():
            return [self.path]
        if self.path.is_dir():
            found = self.path.rglob("*.parquet")
            return sorted(path for path in found if not _hidden(path.relative_to(self.path)))
        if PATTERN & set(str(self.path)):
            anchor = location(self.path.anchor)
            return sorted(anchor.glob(str(self.path.relative_to(anchor))))
        return []

    def _open(self) -> "ds.Dataset":
        import pyarrow.dataset as ds

        files = self._files()
        if not files:
            raise DataError(f"{self.location}: there is no such file")
        base = self.path if self.path not in files and self.path.is_dir() else None
        inner = [path.relative_to(base) for path in files] if base else []
        names, filesystem = located(files)
        try:
            return ds.dataset(
                names,
                format="parquet",
                filesystem=filesystem,
                partitioning=_partitioning(inner),
                partition_base_dir=str(base) if base else None,
            )
        except (pa.ArrowInvalid, pa.ArrowTypeError, OSError) as error:
            raise DataError(f"{self.location}: not a whole Parquet file: {error}") from error

    def _refuse_several(self) -> None:
        """Refuse to write one file where there are, or may be, several."""
        if self.partitions or self.path.is_dir() or PATTERN & set(str(self.path)):
            raise DataError(
                f"{self.location}: it stands for several files: to replace a folder, say by which"
                " columns it is parted (partitions); to add rows, name a file"
            )


def _hidden(path: Path) -> bool:
    """Tell whether a name on a path keeps it from being read: it begins with a dot or `_`."""
    return any(map(HIDDEN.match, path.parts))


def _partitioning(files: Iterable[PurePath]) -> "ds.Partitioning":
    """Return how folders named `column=value` are read: as numbers, or else as text.

    What could be written otherwise as a number, such as 01, is text.
    """
    import pyarrow.dataset as ds

    values: dict[str, set[str]] = {}
    for folder in chain.from_iterable(file.parts[:-1] for file in files):
        name, is_column, value = folder.partition("=")
        if is_column:
            values.setdefault(unquote(name), set()).add(value)
    types = {
        name: pa.int64() if all(map(WHOLE.fullmatch, found)) else pa.string()
        for name, found in values.items()
    }
    return ds.partitioning(pa.schema(types), flavor="hive")
