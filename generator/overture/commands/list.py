"""`overture list`: list all components."""

from collections.abc import Sequence

from overture.commands.arguments import Options, template_parser
from overture.commands.output import print_json
from overture.commands.shapes import ComponentData
from overture.commands.text import columns
from overture.errors import UnknownFamilyError
from overture.template.entries import Entry
from overture.template.spelling import suggestion
from overture.template.template import Template


class ListOptions(Options):
    """The options of `list`."""

    family: str | None


def main(arguments: Sequence[str]) -> int:
    """List the components, of one family or of all."""
    made = template_parser("list")
    made.add_argument("family", nargs="?", metavar="FAMILY", help="only this family")
    options = made.parse(arguments, ListOptions())
    with Template.open(options.template, options.ref) as template:
        interview, catalogue = template.interview, template.catalogue
        asked = {family: interview.help(family) for family in interview.families}
    if options.family and options.family not in interview.families:
        message = (
            f"There is no family {options.family!r}; there are {', '.join(interview.families)}."
        )
        raise UnknownFamilyError(message, suggestion(options.family, interview.families))
    families = (options.family,) if options.family else interview.families
    if options.json:
        listed = [entry for family in families for entry in catalogue.of(family)]
        print_json(
            [ComponentData(entry.id, entry.family, entry.title, entry.summary) for entry in listed]
        )
        return 0
    for family in families:
        if entries := catalogue.of(family):
            print(asked[family])
            print(columns((entry.id, _line(entry)) for entry in entries), "\n")
        elif options.family:
            print(f"{asked[family]}: none yet")
    return 0


def _line(entry: Entry) -> str:
    """Return a component's title and summary."""
    line = f"{entry.title}: {entry.summary}"
    return f"{line} (cannot be chosen yet)" if entry.withheld else line
