"""A minimal Hive metastore for tests.

It uses PyIceberg's definition of the Thrift protocol, which rejects invalid messages, and keeps in
memory what Iceberg needs: databases, tables and locks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

from hive_metastore.ThriftHiveMetastore import Iface, Processor
from hive_metastore.ttypes import (
    AlreadyExistsException,
    CheckLockRequest,
    Database,
    EnvironmentContext,
    InvalidOperationException,
    LockRequest,
    LockResponse,
    LockState,
    NoSuchObjectException,
    Table,
    UnlockRequest,
)
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.transport.TTransport import TFileObjectTransport

WAITS = {  # seconds to wait for a locked table, instead of PyIceberg's up to 60
    "lock-check-min-wait-time": "0.01",
    "lock-check-max-wait-time": "0.1",
    "lock-check-retries": "100",
}


@contextmanager
def serving(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the properties of a catalog."""
    Answering.processor = Processor(Metastore())
    with Server(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        uri = f"thrift://127.0.0.1:{server.server_address[1]}"
        yield {"type": "hive", "uri": uri, "warehouse": f"{folder}/warehouse"} | WAITS
        server.shutdown()


class Server(ThreadingTCPServer):
    """A thread for each connection, without waiting for them at exit."""

    daemon_threads = True
    block_on_close = False


class Answering(StreamRequestHandler):
    """The handler of one connection."""

    processor: Processor

    def handle(self) -> None:
        asked, answered = map(TFileObjectTransport, (self.rfile, self.wfile))
        try:
            while True:
                self.processor.process(TBinaryProtocol(asked), TBinaryProtocol(answered))
        except EOFError:
            return


class Metastore(Iface):  # type: ignore[misc]
    """The service; see https://hive.apache.org/docs/latest/admin/adminmanual-metastore/."""

    def __init__(self) -> None:
        self._databases: dict[str, Database] = {}
        self._tables: dict[tuple[str, str], Table] = {}
        self._numbers = count(1)
        self._waiting: dict[int, tuple[str, str]] = {}  # in order of arrival

    def create_database(self, database: Database) -> None:
        if self._databases.setdefault(database.name, database) is not database:
            raise AlreadyExistsException(f"Database {database.name} already exists")

    def get_database(self, name: str) -> Database:
        if name not in self._databases:
            raise NoSuchObjectException(f"database {name}")
        return self._databases[name]

    def create_table(self, tbl: Table) -> None:
        self.get_database(tbl.dbName)
        if self._tables.setdefault((tbl.dbName, tbl.tableName), tbl) is not tbl:
            raise AlreadyExistsException(f"Table {tbl.tableName} already exists")

    def get_table(self, dbname: str, tbl_name: str) -> Table:
        if (dbname, tbl_name) not in self._tables:
            raise NoSuchObjectException(f"{dbname}.{tbl_name} table not found")
        return self._tables[dbname, tbl_name]

    def alter_table_with_environment_context(
        self, dbname: str, tbl_name: str, new_tbl: Table, environment_context: EnvironmentContext
    ) -> None:
        del environment_context  # statistics, which are not stored
        if (dbname, tbl_name) not in self._tables:
            raise InvalidOperationException(f"Table {dbname}.{tbl_name} does not exist")
        self._tables[dbname, tbl_name] = new_tbl

    def lock(self, rqst: LockRequest) -> LockResponse:
        (wanted,) = rqst.component
        number = next(self._numbers)
        self._waiting[number] = (wanted.dbname, wanted.tablename)
        return self._state(number)

    def check_lock(self, rqst: CheckLockRequest) -> LockResponse:
        return self._state(rqst.lockid)

    def unlock(self, rqst: UnlockRequest) -> None:
        del self._waiting[rqst.lockid]

    def _state(self, number: int) -> LockResponse:
        """Return the state of a lock, which the first request for its table acquires."""
        first = next(each for each, of in self._waiting.items() if of == self._waiting[number])
        return LockResponse(number, LockState.ACQUIRED if first == number else LockState.WAITING)
