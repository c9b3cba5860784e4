from pathlib import Path

from {{ package }}.datasets.base import Dataset
from {{ package }}.datasets.feather import FeatherDataset

from contracts.file_datasets import FileDatasetContract


class TestFeatherDataset(FileDatasetContract):
    def dataset(self, path: Path) -> Dataset:
        return FeatherDataset(path=path)
