from pathlib import Path

from {{ package }}.datasets.base import Dataset
from {{ package }}.datasets.feather import FeatherDataset

from contracts.datasets import DatasetContract


class TestFeatherDataset(DatasetContract):
    def dataset(self, path: Path) -> Dataset:
        return FeatherDataset(kind="feather", path=path)
