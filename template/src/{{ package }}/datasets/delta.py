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

LOG = "_delta_log"  # the folder of the version log
FILE_ROWS = 1_000_000
TRIES = 100  # of a commit that conflicts with concurrent ones
Mode = Literal["overwrite", "append"]


class DeltaDataset(Dataset):
    """A Delta table: a folder of columnar files and a log of versions.

    Reads only the requested columns and, with filters, only the files and row groups that may
    contain a matching row. Each write and each append creates a new version.

    Attributes:
        kind: `delta`.
        path: The folder of the table.
        version: The version to read, as a number or a timestamp (UTC by default); the latest by
            default.
    """

    suffixes: ClassVar[tuple[str, ...]] = ("delta",)
    stable_order: ClassVar[bool] = True

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

    def paths(self) -> tuple[Path, ...]:
        """See `Dataset.paths`."""
        return (self.path,)

    def fingerprint(self) -> str:
        """See `Dataset.fingerprint`: the id of the table and the version that is read."""
        table = self._open()
        return f"{table.metadata().id}@{table.version()}"

    def there(self) -> pa.Schema:
        """See `Dataset.there`."""
        return self._files().schema

    def stream(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `Dataset.stream`; rows are returned in the order in which they were written."""
        files = self._files()
        with self._named():
            yield from scan(files, schema, self.where)

    def write(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.write`; the columns may differ from those before."""
        return self._commit("overwrite", schema, batches)

    def append(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.append`."""
        return self._commit("append", schema, batches)

    def _commit(self, mode: Mode, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """Commit files, and return their rows; Delta's own writer would change their order."""
        from deltalake import CommitProperties

        self.check_output()
        if mode == "append" and self.exists():
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
        """Create the table from files unless it exists, and tell whether it was created."""
        from deltalake import CommitProperties, Schema
        from deltalake.exceptions import DeltaError
        from deltalake.transaction import create_table_with_add_actions

        if self.exists():
            return False
        once = CommitProperties(max_commit_retries=0)  # a retry would replace the table
        try:
            create_table_with_add_actions(
                str(self.path),
                Schema.from_arrow(schema),
                files,
                storage_options=client_options(self.path),
                commit_properties=once,
            )
        except DeltaError:
            if not self.exists():
                raise
            return False  # another process created it
        return True

    def check_output(self) -> None:
        """See `Dataset.check_output`; a stated version or a partitioned table is read-only."""
        if self.version is not None:
            raise DataError(f"{self.location}: a version is read-only: remove 'version'")
        if self.exists() and (columns := self._open().metadata().partition_columns):
            by = ", ".join(columns)
            raise DataError(f"{self.location}: partitioned by {by}: writing is not supported")

    def _open(self) -> "DeltaTable":
        """Open the table at the version to read."""
        from deltalake import DeltaTable

        if not self.exists():
            raise DataError(f"{self.location}: there is no such Delta table")
        with self._named():
            table = DeltaTable(str(self.path), storage_options=client_options(self.path))
            if self.version is not None:
                table.load_as_version(self.version)
            if isinstance(self.version, int) and table.version() != self.version:
                raise DataError(f"{self.location}: there is no version {self.version}")
            return table

    def _files(self) -> "ds.FileSystemDataset":
        """Return the files of the version to read, in the order in which they were added."""
        import pyarrow.dataset as ds

        table = self._open()
        with self._named():
            found = table.to_pyarrow_dataset(filesystem=below(self.path))
            actions = pa.table(table.get_add_actions(flatten=True))
        rows = actions.select(["path", "modification_time"]).to_pylist()
        times = {Path(row["path"]).name: row["modification_time"] for row in rows}
        parts = sorted(found.get_fragments(), key=lambda it: (times[Path(it.path).name], it.path))
        return ds.FileSystemDataset(parts, found.schema, found.format, found.filesystem)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Convert errors of Delta and Arrow into a `DataError` that names the table."""
        from deltalake.exceptions import DeltaError

        try:
            yield
        except (DeltaError, pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
            raise DataError(f"{self.location}: {error}") from error


def _added(file: Path, rows: int, now: int) -> "AddAction":
    """Return the log entry that adds a file."""
    from deltalake.transaction import AddAction

    return AddAction(file.name, file.stat().st_size, {}, now, True, f'{{"numRecords":{rows}}}')


def _allow_times(table: "DeltaTable", schema: pa.Schema) -> None:
    """Let a table hold times without a zone, which its protocol may not allow yet."""
    from deltalake import TableFeatures

    naive = any(pa.types.is_timestamp(field.type) and not field.type.tz for field in schema)
    if naive and "timestampNtz" not in (table.protocol().reader_features or ()):
        feature = TableFeatures.TimestampWithoutTimezone
        table.alter.add_feature(feature, allow_protocol_versions_increase=True)
