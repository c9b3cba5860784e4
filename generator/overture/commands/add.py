"""`overture add`: choose further components for a project."""

from collections.abc import Mapping, Sequence

from overture.commands.changing import run
from overture.commands.project_options import ChangeOptions, change_parser
from overture.project.opening import Opened


class AddOptions(ChangeOptions):
    """The options of `add`."""

    ids: list[str]


def main(arguments: Sequence[str]) -> int:
    """Add components."""
    made = change_parser("add")
    made.add_argument("ids", nargs="+", metavar="ID", help="a component")
    options = made.parse_args(arguments, AddOptions())
    return run(options, ("add", *options.ids), lambda opened: added(opened, options.ids))


def added(opened: Opened, ids: Sequence[str]) -> Mapping[str, object]:
    """Return a project's answers with further components.

    Raises:
        CatalogueError: If there is no such component.
    """
    answers = dict(opened.answers)
    for id_ in ids:
        family = opened.catalogue[id_].family
        if opened.interview.question(family).multiple:
            chosen = answers.get(family)
            known = chosen if isinstance(chosen, list) else []
            answers[family] = known if id_ in known else [*known, id_]
        else:
            answers[family] = id_
    return answers
