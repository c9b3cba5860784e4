"""Delta tables."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal
from uuid import uuid4

import pyarrow as pa
from pydantic import Field

from ..errors import DataError
from ..files import below, client_options, new_file
from ..location import Location
from .base import Dataset
from .fitting import fitting
from .parts import write_parts
from .scanning import scan

if TYPE_CHECKING:
    import pyarrow.dataset as ds
    from deltalake import DeltaTable
    from deltalake.transaction import AddAction

LOG = "_delta_log"  # the folder of a table's versions
FILE_ROWS = 1_000_000
TRIES = 100  # of a commit, while other processes commit too

Mode = Literal["overwrite", "append"]


class DeltaDataset(Dataset):
    """A Delta table: a folder of columnar files, and a log of its versions.

    Only the columns that are needed are read, and of filtered tables only the files and row groups
    that may hold a row which is wanted. Each writing and each growth makes a new version.

    Attributes:
        kind: `delta`.
        path: The folder it lies in; a path is relative to where the program runs.
        version: Which version is read: its number, or a time at which it was the newest, in UTC
            unless it says otherwise; the newest of all if it is not stated.
    """

    suffixes: ClassVar[tuple[str, ...]] = ("delta",)

    kind: Literal["delta"] = "delta"
    path: Location
    version: int | datetime | None = Field(None, union_mode="left_to_right")

    @property
    def location(self) -> str:
        """See `Dataset.location`."""
        return str(self.path)

    def exists(self) -> bool:
        """See `Dataset.exists`."""
        return any((self.path / LOG).glob("*.json"))

    def fingerprint(self) -> str:
        """See `Dataset.fingerprint`: the table's id, and the version that is read."""
        table = self._open()
        return f"{table.metadata().id}@{table.version()}"

    def there(self) -> pa.Schema:
        """See `Dataset.there`."""
        return self._files().schema

    def stream(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `Dataset.stream`; rows come in the order in which they were written."""
        files = self._files()
        with self._named():
            yield from scan(files, schema, self.where)

    def write(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.write`; the columns may be others than before."""
        return self._commit("overwrite", schema, batches)

    def append(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.append`."""
        return self._commit("append", schema, batches)

    def _commit(self, mode: Mode, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """Write files, make them part of the table, and return how many rows they hold.

        Delta's own writer takes batches in turns, by which rows would lose their order.
        """
        from deltalake import CommitProperties

        if self.exists():
            self._check_writable()
            if mode == "append":
                there = self.check(schema)
                schema = pa.schema([there.field(name) for name in schema.names])
        parts = write_parts(
            (self.path / f"part-{number:05}-{uuid4().hex}.parquet" for number in count()),
            new_file,
            lambda path: path.unlink(missing_ok=True),
            schema,
            fitting(self.location, schema, batches),
            FILE_ROWS,
        )
        with self._named():
            now = time.time_ns() // 1_000_000
            files = [_added(path, rows, now) for path, rows in parts.items()]
            if not self._create(schema, files):
                table = self._open()
                _allow_times(table, schema)
                again = CommitProperties(max_commit_retries=TRIES)
                table.create_write_transaction([*files], mode, schema, commit_properties=again)
        return sum(parts.values())

    def _create(self, schema: pa.Schema, files: "list[AddAction]") -> bool:
        """Make the table of files if it is not there, and tell whether that was so."""
        from deltalake import CommitProperties, Schema
        from deltalake.exceptions import DeltaError
        from deltalake.transaction import create_table_with_add_actions

        if self.exists():
            return False
        try:
            create_table_with_add_actions(
                str(self.path),
                Schema.from_arrow(schema),
                files,
                storage_options=client_options(self.path),
                commit_properties=CommitProperties(max_commit_retries=0),  # or a second begins anew
            )
        except DeltaError:
            if self.exists():  # since another process has made it
                return False
            raise
        return True

    def _check_writable(self) -> None:
        """Refuse to change an older version, or a table that is parted by columns."""
        if self.version is not None:
            raise DataError(f"{self.location}: a stated version is read only: leave 'version' out")
        if columns := self._open().metadata().partition_columns:
            raise DataError(
                f"{self.location}: it is parted by {', '.join(columns)}, and only read here: write"
                " another table"
            )

    def _open(self) -> "DeltaTable":
        """Open the version that is read."""
        from deltalake import DeltaTable

        if not self.exists():
            raise DataError(f"{self.location}: there is no such table of Delta")
        with self._named():
            table = DeltaTable(str(self.path), storage_options=client_options(self.path))
            if self.version is not None:
                table.load_as_version(self.version)
            if isinstance(self.version, int) and table.version() != self.version:
                raise DataError(f"{self.location}: there is no version {self.version}")
            return table

    def _files(self) -> "ds.FileSystemDataset":
        """Return the files of the version that is read, in the order in which they were added."""
        import pyarrow.dataset as ds

        table = self._open()
        with self._named():
            found = table.to_pyarrow_dataset(filesystem=below(self.path))
            added = pa.table(table.get_add_actions(flatten=True))
        rows = added.select(["path", "modification_time"]).to_pylist()
        times = {Path(row["path"]).name: row["modification_time"] for row in rows}
        parts = sorted(found.get_fragments(), key=lambda it: (times[Path(it.path).name], it.path))
        return ds.FileSystemDataset(parts, found.schema, found.format, found.filesystem)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Name the table where Delta or Arrow finds something wrong."""
        from deltalake.exceptions import DeltaError

        try:
            yield
        except (DeltaError, pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
            raise DataError(f"{self.location}: {error}") from error


def _added(file: Path, rows: int, now: int) -> "AddAction":
    """Return the entry of the log that adds a file."""
    from deltalake.transaction import AddAction

    return AddAction(file.name, file.stat().st_size, {}, now, True, f'{{"numRecords":{rows}}}')


def _allow_times(table: "DeltaTable", schema: pa.Schema) -> None:
    """Let a table hold times without a zone, which its protocol may not allow yet."""
    from deltalake import TableFeatures

    naive = any(pa.types.is_timestamp(field.type) and not field.type.tz for field in schema)
    if naive and "timestampNtz" not in (table.protocol().reader_features or ()):
        feature = TableFeatures.TimestampWithoutTimezone
        table.alter.add_feature(feature, allow_protocol_versions_increase=True)
