"""Training: fit a model, measure it on rows that it has not seen, and save it."""

from typing import Literal

import pyarrow as pa

from ..contract import select
from ..datasets import AnyDataset
from ..importance import importance
from ..metrics import AnyMetric
from ..models import AnyModel
from ..models.artefact import save
from ..progress import progress
from ..runs import Run
from ..schema import SCHEMAS
from ..scoring import score
from ..splitters import AnySplitter
from ..tasks import AnyTask
from .base import Job


class Training(Job):
    """Fit a model to part of a table, and test it on the rest.

    Attributes:
        kind: `training`.
        task: What is predicted.
        data: The rows to learn from and to test on.
        splitter: How they are parted.
        model: What learns.
        metrics: What is measured on the test rows; the task's own if none is named.
    """

    kind: Literal["training"]
    task: AnyTask
    data: AnyDataset
    splitter: AnySplitter
    model: AnyModel
    metrics: tuple[AnyMetric, ...] = ()
