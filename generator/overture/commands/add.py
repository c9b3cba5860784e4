"""`overture add`: add components to a project."""

from collections.abc import Sequence

from overture.commands.changing import run
from overture.commands.project_options import ChangeOptions, change_parser
from overture.project.edits import adding


class AddOptions(ChangeOptions):
    """The options of `add`."""

    ids: list[str]


def main(arguments: Sequence[str]) -> int:
    """Add components."""
    made = change_parser("add")
    made.add_argument("ids", nargs="+", metavar="ID", help="a component")
    options = made.parse(arguments, AddOptions())
    return run(options, ("add", *options.ids), adding(options.ids))
