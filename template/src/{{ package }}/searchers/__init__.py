"""The searchers that a configuration can name."""

from typing import Annotated

from ..strategy import ByKind
from .custom import CustomSearcher
from .grid import GridSearcher
from .optuna import OptunaSearcher
from .random import RandomSearcher

AnySearcher = Annotated[
    GridSearcher | OptunaSearcher | RandomSearcher | CustomSearcher,
    ByKind(),
]
