"""`overture set`: change other answers of a project."""

from collections.abc import Sequence

from overture.commands.arguments import add_data
from overture.commands.changing import run
from overture.commands.project_options import ChangeOptions, change_parser
from overture.project.edits import setting
from overture.template.answers import parse_pairs


class SetOptions(ChangeOptions):
    """The options of `set`."""

    pairs: list[str]


def main(arguments: Sequence[str]) -> int:
    """Change answers."""
    made = change_parser("set")
    made.add_argument("pairs", nargs="*", metavar="KEY=VALUE", help="one answer")
    add_data(made)
    options = made.parse(arguments, SetOptions())
    if not (pairs := [*options.pairs, *options.data]):
        made.error("give at least one answer, KEY=VALUE")
    return run(options, ("set", *pairs), setting(parse_pairs(pairs)))
