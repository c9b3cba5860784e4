"""Comparison of a pipeline that was read with the one that its settings describe."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

PARTS = ("steps", "transformers")  # attributes with named estimators
SEED = "random_state"  # of the run, which the settings do not state


def check(found: "BaseEstimator | str", stated: "BaseEstimator | str") -> None:
    """Check that a fitted estimator has the type and the parameters of another.

    Args:
        found: The fitted estimator, or the name of a step that does nothing.
        stated: The same estimator before it was fitted.

    Raises:
        ValueError: If they differ.
    """
    if type(found) is not type(stated):
        names = (type(found).__name__, type(stated).__name__)
        raise ValueError("it contains {} instead of {}".format(*names))
    if isinstance(stated, str) or isinstance(found, str):
        _same(found, stated, "a step")
        return
    fitted = vars(found)
    for name, value in vars(stated).items():
        if name in PARTS:
            _check_parts(fitted[name], value)
            if f"{name}_" in fitted:
                _check_parts(fitted[f"{name}_"], value)
        elif name != SEED:
            _same(fitted.get(name, value), value, f"{type(stated).__name__}.{name}")


def _check_parts(found: Sequence[Any], stated: Sequence[Any]) -> None:
    """Check named estimators, each with the columns that it is for, if any."""
    _same(len(found), len(stated), "the number of steps")
    for one, other in zip(found, stated, strict=True):
        (name, estimator, *columns), (expected, settings, *features) = one, other
        _same([name, *columns], [expected, *features], "a step")
        check(estimator, settings)


def _same(found: Any, stated: Any, what: str) -> None:
    if type(found) is not type(stated) or repr(found) != repr(stated):
        raise ValueError(f"{what} is {found!r} instead of {stated!r}")
