"""Iceberg tables."""

import random
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, ClassVar, Literal

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

TRIES = 20  # of a commit that conflicts with concurrent ones


class IcebergDataset(Dataset):
    """An Iceberg table, found through a catalog.

    Reads only the requested columns and, with filters, only the files that may contain a matching
    row. Each write and each append is one commit.

    Attributes:
        kind: `iceberg`.
        catalog: PyIceberg's catalog properties, such as `type`, `uri` and `warehouse`, which is a
            URL, or a local folder if it starts with `.` or `/`.
        catalog_name: The name of the catalog in environment variables with further properties.
        identifier: The table, as `namespace.name`.
        snapshot: The id of the snapshot to read; the current one by default.
    """

    stable_order: ClassVar[bool] = True

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
                    f"'{key}' contains a secret, which would be recorded: remove it, and set"
                    " PyIceberg's environment variable, such as PYICEBERG_CATALOG__DEFAULT__TOKEN"
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
        """See `Dataset.fingerprint`: the id of the table and the snapshot that is read."""
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
        """See `Dataset.stream`; files are read one after another, in the order of their names."""
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
                    yield passing(batch, self.where).select(schema.names)

    def write(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.write`; the columns may differ from those before."""
        return self._load(schema, batches, replace=True)

    def append(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.append`."""
        return self._load(schema, batches, replace=False)

    def _load(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch], *, replace: bool) -> int:
        """Write files, add them to the table in one commit, and return their number of rows."""
        if self.snapshot is not None:
            raise DataError(f"{self.location}: a snapshot is read-only: remove 'snapshot'")
        left = iter(batches)
        first = list(islice(left, 1))  # may fail before a table is created
        with self._named():
            table = self._create(schema)
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
        """Add files to the table in one commit, retried when it conflicts with another."""
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

    def _create(self, schema: pa.Schema) -> "Table":
        """Return the table, created unless it exists."""
        catalog = self._catalog()

        def create() -> "Table":
            catalog.create_namespace_if_not_exists(self.identifier.rpartition(".")[0])
            return catalog.create_table_if_not_exists(self.identifier, schema)

        if catalog.table_exists(self.identifier):
            return catalog.load_table(self.identifier)
        try:
            return create()
        except Exception:  # another process may have created the namespace or the table
            return create()

    def _scan(self, table: "Table") -> "DataScan":
        """Return a scan of the snapshot to read."""
        if self.snapshot is not None and table.snapshot_by_id(self.snapshot) is None:
            raise DataError(f"{self.location}: there is no snapshot {self.snapshot}")
        return table.scan(snapshot_id=self.snapshot)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Convert errors of PyIceberg and its clients into a `DataError` that names the table."""
        try:
            yield
        except Exception as error:
            whose = type(error).__module__.partition(".")[0]
            if whose == __name__.partition(".")[0]:
                raise
            if whose == "builtins" and not isinstance(error, OSError | ValueError):
                raise
            raise DataError(f"{self.location}: {error}") from error
