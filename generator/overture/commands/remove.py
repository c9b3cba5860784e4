"""`overture remove`: take components out of a project."""

from collections.abc import Mapping, Sequence

from overture.commands.changing import run
from overture.commands.project_options import ChangeOptions, change_parser
from overture.errors import SelectionError
from overture.project.opening import Opened
from overture.template.spelling import suggestion


class RemoveOptions(ChangeOptions):
    """The options of `remove`."""

    ids: list[str]


def main(arguments: Sequence[str]) -> int:
    """Remove components."""
    made = change_parser("remove")
    made.add_argument("ids", nargs="+", metavar="ID", help="a component")
    options = made.parse_args(arguments, RemoveOptions())
    return run(options, ("remove", *options.ids), lambda opened: without(opened, options.ids))


def without(opened: Opened, ids: Sequence[str]) -> Mapping[str, object]:
    """Return a project's answers without some of its components.

    Raises:
        SelectionError: If the project does not have one of them.
        CatalogueError: If there is no such component.
    """
    answers = dict(opened.answers)
    for id_ in ids:
        entry = opened.catalogue[id_]
        chosen = answers.get(entry.family)
        if isinstance(chosen, list) and id_ in chosen:
            answers[entry.family] = [other for other in chosen if other != id_]
        elif chosen == id_:
            answers[entry.family] = "none"
        else:
            there = [other.id for other in opened.catalogue if opened.has(other)]
            message = f"{id_} is not chosen, so it cannot be removed; {', '.join(there)} are."
            raise SelectionError(message, suggestion(id_, there))
    return answers
