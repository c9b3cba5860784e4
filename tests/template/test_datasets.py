"""A dataset need not be a file, nor its id a file name suffix: its entry names its tables."""

import re
from pathlib import Path

import pytest
import yaml
from environments import cache, inside
from rendering import copy_template, files, render, run, text
from selections import least

ENTRY = {
    "id": "ledger",
    "family": "datasets",
    "title": "Ledger",
    "summary": "tables of a ledger, which no path names",
    "order": 90,
    "class_name": "LedgerDataset",
    "provides": ["sample"],
    "location": {"address": "ledger/{name}"},
    "homepage": "https://example.org",
}
CONFIGURATION = "# A table of a ledger.\ndata:\n  kind: ledger\n  address: ledger/rows\n"
MODULE = '''"""Tables of a ledger."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

import pyarrow as pa

from .base import Dataset

_LEDGER: dict[str, pa.Table] = {}


class LedgerDataset(Dataset):
    """A table of a ledger, which is lost when the process ends.

    Attributes:
        kind: `ledger`.
        address: The address of the table.
    """

    stable_order: ClassVar[bool] = True

    kind: Literal["ledger"] = "ledger"
    address: str

    @property
    def location(self) -> str:
        """See `Dataset.location`."""
        return self.address

    def exists(self) -> bool:
        """See `Dataset.exists`."""
        return self.address in _LEDGER

    def fingerprint(self) -> None:
        """See `Dataset.fingerprint`."""
        return

    def there(self) -> pa.Schema:
        """See `Dataset.there`."""
        return _LEDGER[self.address].schema

    def stream(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """See `Dataset.stream`."""
        yield from _LEDGER[self.address].select(schema.names).cast(schema).to_batches()

    def write(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.write`."""
        _LEDGER[self.address] = pa.Table.from_batches(batches, schema)
        return len(_LEDGER[self.address])

    def append(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """See `Dataset.append`."""
        return self.write(schema, batches)
'''


@pytest.mark.whole
def test_a_dataset_that_is_not_a_file_can_be_the_only_one(python: Path, tmp_path: Path) -> None:
    template = copy_template(tmp_path / "overture")
    for path, content in {
        "components/datasets/ledger.yml": yaml.safe_dump(ENTRY),
        "template/confs/datasets/ledger.yaml": CONFIGURATION,
        "template/src/{{ package }}/datasets/ledger.py": MODULE,
    }.items():
        (template / path).write_text(content, encoding="utf-8")
    project = render(template, least() | {"datasets": ["ledger"]}, tmp_path / "project")
    written = {path: text(content) or "" for path, content in files(project).items()}
    assert not [
        path
        for path, lines in written.items()
        if re.search(r"(?<!datasets)\.ledger\b", lines.replace("from .ledger", ""))
    ]
    env = inside(python, project)
    run("ruff", "check", "--no-cache", cwd=project, env=env)
    run("ruff", "format", "--check", "--no-cache", cwd=project, env=env)
    run("mypy", "--cache-dir", cache(python), cwd=project, env=env)
    words = ("-m", "pytest", "-q", "tests/config", "tests/test_cli.py", "tests/test_location.py")
    assert " passed" in run(python, *words, cwd=project, env=env)
