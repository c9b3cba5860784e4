"""`overture remove`: remove components from a project."""

from collections.abc import Sequence

from overture.commands.changing import run
from overture.commands.project_options import ChangeOptions, change_parser
from overture.project.edits import removing


class RemoveOptions(ChangeOptions):
    """The options of `remove`."""

    ids: list[str]


def main(arguments: Sequence[str]) -> int:
    """Remove components."""
    made = change_parser("remove")
    made.add_argument("ids", nargs="+", metavar="ID", help="a component")
    options = made.parse(arguments, RemoveOptions())
    return run(options, ("remove", *options.ids), removing(options.ids))
