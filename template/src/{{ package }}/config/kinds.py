"""Every kind that a configuration can name."""

from inspect import isabstract
from typing import get_args

from .. import jobs  # noqa: F401  (they import every other family)
from ..strategy import Strategy


def kinds() -> dict[str, dict[str, type[Strategy]]]:
    """Return every strategy that a configuration can name, by family and kind.

    What jobs do not import, as pipelines, is among them once something has imported it.
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
