"""`overture set`: change other answers of a project."""

from collections.abc import Sequence

from overture.commands.changing import run
from overture.commands.project_options import ChangeOptions, change_parser
from overture.project.opening import Opened
from overture.template.answers import check_keys, parse_data


class SetOptions(ChangeOptions):
    """The options of `set`."""

    pairs: list[str]


def main(arguments: Sequence[str]) -> int:
    """Change answers."""
    made = change_parser("set")
    made.add_argument("pairs", nargs="+", metavar="KEY=VALUE", help="one answer")
    options = made.parse_args(arguments, SetOptions())
    data = parse_data(options.pairs)

    def edit(opened: Opened) -> dict[str, object]:
        check_keys(data, opened.interview)
        return {**opened.answers, **data}

    return run(options, ("set", *options.pairs), edit)
