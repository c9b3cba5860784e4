"""The searchers that a configuration can name."""

from typing import Annotated

from ..strategy import ByKind
from .grid import GridSearcher
from .optuna import OptunaSearcher
from .own import OwnSearcher
from .random import RandomSearcher

AnySearcher = Annotated[
    GridSearcher | OptunaSearcher | RandomSearcher | OwnSearcher,
    ByKind(),
]
