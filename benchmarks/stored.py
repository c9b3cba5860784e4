"""Reads Parquet files from an S3 server with one library, and prints the duration as JSON."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from tempfile import mkdtemp
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]


def generated(url: str) -> Iterator[pa.RecordBatch]:
    from project.datasets.parquet import ParquetDataset
    from project.location import location

    contract = pa.schema({f"x{at}": pa.float64() for at in range(10)})
    return ParquetDataset(path=location(url)).read(contract)


def obstore(url: str) -> Iterator[pa.RecordBatch]:
    content = store().get(url.split("/", 3)[3]).bytes()
    return batches(pa.py_buffer(content))


@cache
def store() -> Any:
    from obstore.store import S3Store

    options: Any = {"allow_http": True}
    return S3Store("bucket", endpoint=ENDPOINT, region="us-east-1", client_options=options)


def s3fs(url: str) -> Iterator[pa.RecordBatch]:
    from s3fs import S3FileSystem

    return batches(S3FileSystem(endpoint_url=ENDPOINT).open(url, "rb"))


def cloudpathlib(url: str) -> Iterator[pa.RecordBatch]:
    return batches(client().CloudPath(url).open("rb"))


@cache
def client() -> Any:
    from cloudpathlib import S3Client

    return S3Client(endpoint_url=ENDPOINT, local_cache_dir=mkdtemp(dir=os.environ["CACHE"]))


def batches(source: Any) -> Iterator[pa.RecordBatch]:
    return pq.ParquetFile(source).iter_batches()


WAYS: dict[str, Callable[[str], Iterator[pa.RecordBatch]]] = {
    "generated": generated,
    "obstore": obstore,
    "s3fs": s3fs,
    "cloudpathlib": cloudpathlib,
}


def main(way: str, small: str, large: str) -> None:
    for _ in WAYS[way](small):
        pass
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    rows = sum(batch.num_rows for batch in WAYS[way](large))
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    mebibytes = {"mebibytes": after / 1024, "more": (after - before) / 1024}
    print(json.dumps({"rows": rows, "seconds": seconds, **mebibytes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
