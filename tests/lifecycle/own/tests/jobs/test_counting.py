import json
from pathlib import Path

from contracts.jobs import JobContract
from examples import UNTRACKED


class TestCounting(JobContract):
    words = ("confs/jobs/counting.yaml", *UNTRACKED)

    def test_counts_every_row(self, workplace: Path) -> None:
        assert self.run() == 0
        record = json.loads((self.newest(workplace) / "run.json").read_text(encoding="utf-8"))
        assert record["metrics"] == {"rows": 442, "missing_values": 0}
