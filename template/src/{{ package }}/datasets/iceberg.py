"""Iceberg tables."""

import random
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Literal

import pyarrow as pa
from pydantic import Field, field_validator

from ..errors import DataError
from ..secrets import WORDS, states_secret
from .base import Dataset
from .filters import passing
from .fitting import fitting
from .lakehouse.columns import arrow, condition, fit, named
from .lakehouse.files import write_files

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog
    from pyiceberg.table import DataScan, Table

TRIES = 20  # of a commit, while other processes commit too


class IcebergDataset(Dataset):
    """A table of Iceberg, which a catalogue finds.

    Only the columns that are needed are read, and of filtered tables only the files that may hold a
    row which is wanted. Each writing and each growth is one commit.

    Attributes:
        kind: `iceberg`.
        catalog: The properties of the catalogue, as PyIceberg names them, such as `type`, `uri` and
            `warehouse`, which is a folder if it begins with `.` or `/`, or a URL.
        catalog_name: What it is called in the environment variables that state further ones.
        identifier: The table, as `namespace.name`.
        snapshot: Which snapshot is read; the newest if it is not stated.
    """

    kind: Literal["iceberg"] = "iceberg"
    catalog: dict[str, str] = Field(default_factory=dict)
    catalog_name: str = "default"
    identifier: str = Field(pattern=r"^[^.]+(\.[^.]+)+$")
    snapshot: int | None = None

    @field_validator("catalog")
    @classmethod
    def _check_catalog(cls, catalog: dict[str, str]) -> dict[str, str]:
        for key, value in catalog.items():
            if re.search(WORDS, key, re.IGNORECASE) or states_secret(value):
                raise ValueError(
                    f"'{key}' states a secret, which would be kept in records: leave it out, and"
                    " set the environment variable that PyIceberg reads, such as"
                    " PYICEBERG_CATALOG__DEFAULT__TOKEN"
                )
        return catalog

    @property
    def location(self) -> str:
        """See `Dataset.location`."""
        return f"{self.identifier} in {self.catalog.get('uri', self.catalog_name)}"

    def exists(self) -> bool:
        """See `Dataset.exists`."""
        with self._named():
            return self._catalog().table_exists(self.identifier)

    def fingerprint(self) -> str:
        """See `Dataset.fingerprint`: the table's id, and the snapshot that is read."""
        with self._named():
            table = self._table()
            newest = table.current_snapshot()
        snapshot = self.snapshot or (newest.snapshot_id if newest else "empty")
        return f"{table.metadata.table_uuid}@{snapshot}"

    def there(self) -> pa.Schema:
        """See `Dataset.there`."""
        with self._named():
            return arrow(self._scan(self._table()))

    def stream(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `Dataset.stream`; it reads a file after the other, in the order of their names."""
        from pyiceberg.io.pyarrow import ArrowScan

        with self._named():
            table = self._table()
            scan = self._scan(table)
            there = arrow(scan)
            names = {*schema.names, *(each.column for each in self.where)}
            chosen = scan.filter(condition(self.where, there)).select(*names)
            known = named(table.metadata, scan.projection())
            reading = ArrowScan(known, table.io, chosen.projection(), chosen.row_filter)
            tasks = chosen.plan_files()
            for task in sorted(tasks, key=lambda task: task.file.file_path.rpartition("/")[::-1]):
                for batch in reading.to_record_batches([task]):
                    yield passing(batch, self.where).select(schema.names).cast(schema)

    def write(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.write`; the columns may be others than before."""
        return self._commit(schema, batches, replace=True)

    def append(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.append`."""
        return self._commit(schema, batches, replace=False)

    def _commit(
        self, schema: pa.Schema, batches: Iterable[pa.RecordBatch], *, replace: bool
    ) -> int:
        """Write files, make them part of the table, and return how many rows they hold."""
        if self.snapshot is not None:
            raise DataError(f"{self.location}: a snapshot is read-only: remove 'snapshot'")
        left = iter(batches)
        first = list(islice(left, 1))  # before a table is made for it
        with self._named():
            table = self._made(schema)
        if not table.spec().is_unpartitioned():
            raise DataError(f"{self.location}: it is partitioned: writing to it is not supported")
        if not replace:
            there = self.check(schema)
            schema = pa.schema({name: there.field(name).type for name in schema.names})
        rows = fitting(self.location, schema, chain(first, left))
        files = write_files(table, schema, rows)
        with self._named():
            self._add(list(files), schema, replace=replace)
        return sum(files.values())

    def _add(self, files: list[str], schema: pa.Schema, *, replace: bool) -> None:
        """Make files part of the table, in one commit, which others' may hold up."""
        from pyiceberg.exceptions import CommitFailedException
        from pyiceberg.expressions import AlwaysTrue

        for tries in range(TRIES):
            table = self._table()
            try:
                with table.transaction() as transaction:
                    if replace:
                        fit(transaction, arrow(table.scan()), schema)
                    if replace and table.current_snapshot():
                        transaction.delete(AlwaysTrue())
                    if files:
                        transaction.add_files(files, check_duplicate_files=False)
            except CommitFailedException:
                if tries == TRIES - 1:
                    raise
                time.sleep(random.uniform(0, 0.1 * (tries + 1)))  # noqa: S311  (no secret)
            else:
                return

    def _catalog(self) -> "Catalog":
        from pyiceberg.catalog import load_catalog

        from .lakehouse.file_io import reached

        return load_catalog(self.catalog_name, **reached(self.catalog))

    def _table(self) -> "Table":
        from pyiceberg.exceptions import NoSuchTableError

        try:
            return self._catalog().load_table(self.identifier)
        except NoSuchTableError as error:
            raise DataError(f"{self.location}: there is no such table") from error

    def _made(self, schema: pa.Schema) -> "Table":
        """Return the table, which is made if it is not there."""
        catalog = self._catalog()

        def make() -> "Table":
            catalog.create_namespace_if_not_exists(self.identifier.rpartition(".")[0])
            return catalog.create_table_if_not_exists(self.identifier, schema)

        if catalog.table_exists(self.identifier):
            return catalog.load_table(self.identifier)
        try:
            return make()
        except Exception:  # another process may have made a part of it meanwhile
            return make()

    def _scan(self, table: "Table") -> "DataScan":
        """Return what reads the snapshot that is asked for."""
        if self.snapshot is not None and table.snapshot_by_id(self.snapshot) is None:
            raise DataError(f"{self.location}: there is no snapshot {self.snapshot}")
        return table.scan(snapshot_id=self.snapshot)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Name the table where PyIceberg, or what it stands on, finds something wrong."""
        try:
            yield
        except Exception as error:
            whose = type(error).__module__.partition(".")[0]
            if whose == __name__.partition(".")[0]:
                raise
            if whose == "builtins" and not isinstance(error, OSError | ValueError):
                raise
            raise DataError(f"{self.location}: {error}") from error
