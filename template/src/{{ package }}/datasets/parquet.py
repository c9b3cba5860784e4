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
from .filters import expression, told
from .scanning import scan

if TYPE_CHECKING:
    import pyarrow.dataset as ds

PATTERN = frozenset("*?[")
HIDDEN = re.compile(r"\.|_[^=]*$")  # ignored names; `_column=value` is a partition
WHOLE = re.compile(r"0|-?[1-9]\d{0,17}|__HIVE_DEFAULT_PARTITION__")  # canonical integers or null


class ParquetDataset(FileDataset):
    """A table of one or several Parquet files.

    Reads only the requested columns and, with filters, only the row groups that may contain a
    matching row.

    Attributes:
        kind: `parquet`.
        path: A file, a glob pattern such as `data/2026-*.parquet`, or a folder, whose subfolders
            named `column=value` are read as columns (Hive partitioning).
        compression: The compression codec of written files.
        partitions: The partition columns of a written folder.
    """

    suffixes: ClassVar[tuple[str, ...]] = ("parquet",)

    kind: Literal["parquet"] = "parquet"
    compression: Literal["zstd", "snappy", "gzip", "none"] = "zstd"
    partitions: tuple[Annotated[str, Field(pattern=r"^[^./=][^/=]*$")], ...] = ()

    def exists(self) -> bool:
        """See `Dataset.exists`."""
        return bool(self._files())

    def check_output(self) -> None:
        """See `Dataset.check_output`; a folder is replaced only by a partitioned table."""
        if not self.partitions:
            self._refuse_several()
            super().check_output()
        elif self.path.exists() and not self.path.is_dir():
            raise DataError(f"{self.location}: it is not a folder: write to another path")

    def fingerprint(self) -> str:
        """See `Dataset.fingerprint`; several files are combined by name and fingerprint."""
        if self.path.is_file():
            return super().fingerprint()
        names = (f"{path} {fingerprint(path)}\n" for path in self._files())
        return hashlib.sha256("".join(names).encode()).hexdigest()

    def there(self) -> pa.Schema:
        """See `Dataset.there`."""
        return self._open().schema

    def stream(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `Dataset.stream`; the type of a column may differ between files."""
        import pyarrow.dataset as ds

        opened = self._open()
        asked = set(schema.names) - {each.column for each in self.where}
        pruning = expression(told(self.where, opened.schema), opened.schema)
        try:
            for part in opened.get_fragments(filter=pruning):
                own = part.physical_schema
                types = {name: own.field(name).type for name in asked if name in own.names}
                wanted = pa.schema(
                    [field.with_type(types.get(field.name, field.type)) for field in opened.schema]
                )
                file = ds.FileSystemDataset([part], wanted, opened.format, opened.filesystem)
                yield from scan(file, schema, self.where)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
            raise DataError(f"{self.location}: {error}") from error

    def lines(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `FileDataset.lines`."""
        return self.model_copy(update={"where": ()}).stream(schema)

    def write(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.write`."""
        self.check_output()
        if not self.partitions:
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
                raise DataError(f"{self.location}: cannot partition by {by}: {error}") from error
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
        """Return the files of the table, sorted by name."""
        if self.path.is_file():
            return [self.path]
        if self.path.is_dir():
            parts = {it: it.relative_to(self.path).parts for it in self.path.rglob("*.parquet")}
            return sorted(it for it in parts if not any(map(HIDDEN.match, parts[it])))
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
            reason = "not a valid Parquet file"
            if "duplicate field" in str(error):
                reason = "several columns have one name: rename all but one"
            raise DataError(f"{self.location}: {reason}: {error}") from error

    def _refuse_several(self) -> None:
        """Reject writing a single file to a folder or a pattern."""
        if self.partitions or self.path.is_dir() or PATTERN & set(str(self.path)):
            remedy = "to replace a folder, set 'partitions'; to append rows, name a single file"
            raise DataError(f"{self.location}: it refers to several files: {remedy}")


def _partitioning(files: Iterable[PurePath]) -> "ds.Partitioning":
    """Return the Hive partitioning of folders: integer columns, or else text.

    A number that is not in canonical form, such as 01, makes its column text.
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
