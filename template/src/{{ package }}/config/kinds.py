"""Every kind that a configuration can use."""

from inspect import isabstract
from typing import get_args

from .. import jobs  # noqa: F401  (they import every other family)
from ..strategy import Strategy


def kinds() -> dict[str, dict[str, type[Strategy]]]:
    """Return every strategy that a configuration can use, by family and kind.

    Strategies that jobs do not import, such as pipelines, are included once they are imported.
    """
    own = __name__.partition(".")[0]
    found: dict[str, dict[str, type[Strategy]]] = {}
    pending: list[type[Strategy]] = [Strategy]
    while pending:
        strategy = pending.pop()
        pending.extend(strategy.__subclasses__())
        package, _, path = strategy.__module__.partition(".")
        if package == own and "kind" in strategy.model_fields and not isabstract(strategy):
            for kind in get_args(strategy.model_fields["kind"].annotation):
                found.setdefault(path.partition(".")[0], {})[kind] = strategy
    return {family: dict(sorted(found[family].items())) for family in sorted(found)}
