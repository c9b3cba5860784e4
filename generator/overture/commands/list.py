"""`overture list`: the components that there are."""

from collections.abc import Sequence

from overture.commands.arguments import Options, parser, print_json
from overture.commands.summary import columns
from overture.errors import CatalogueError
from overture.template.catalogue import Catalogue
from overture.template.entries import Entry
from overture.template.interview import Interview
from overture.template.source import opened
from overture.template.spelling import suggestion


class ListOptions(Options):
    """The options of `list`."""

    family: str | None


def main(arguments: Sequence[str]) -> int:
    """List the components, of one family or of all."""
    options_parser = parser("list")
    options_parser.add_argument("family", nargs="?", metavar="FAMILY", help="only this family")
    options = options_parser.parse_args(arguments, ListOptions())
    with opened(options.template, options.ref) as source:
        interview = Interview.load(source.root)
        catalogue = Catalogue.load(source.root, interview.families)
    if options.family and options.family not in interview.families:
        message = (
            f"There is no family {options.family!r}; there are {', '.join(interview.families)}."
        )
        raise CatalogueError(message, suggestion(options.family, interview.families))
    families = (options.family,) if options.family else interview.families
    if options.json:
        listed = [entry for family in families for entry in catalogue.of(family)]
        keys = {"id", "family", "title", "summary"}
        print_json([entry.model_dump(mode="json", include=keys) for entry in listed])
        return 0
    for family in families:
        if entries := catalogue.of(family):
            print(interview.question(family).help)
            print(columns((entry.id, _line(entry)) for entry in entries), "\n")
        elif options.family:
            print(f"{interview.question(family).help}: none yet")
    return 0


def _line(entry: Entry) -> str:
    """Say what a component is."""
    line = f"{entry.title}: {entry.summary}"
    return f"{line} (cannot be chosen yet)" if entry.withheld else line
