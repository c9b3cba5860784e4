"""`overture show`: what a component is and brings."""

from collections.abc import Iterator, Sequence

from overture.catalogue import Catalogue
from overture.entries import Entry
from overture.interview import Interview
from overture.source import opened
from overture.summary import columns

from .arguments import Options, parser, print_json


class ShowOptions(Options):
    """The options of `show`."""

    id: str


def main(arguments: Sequence[str]) -> int:
    """Show one component."""
    options_parser = parser("show")
    options_parser.add_argument("id", metavar="ID", help="the component")
    options = options_parser.parse_args(arguments, ShowOptions())
    with opened(options.template, options.ref) as source:
        catalogue = Catalogue.load(source.root, Interview.load(source.root).families)
    entry = catalogue[options.id]
    if options.json:
        print_json(entry.model_dump(mode="json", exclude_none=True))
    else:
        print(f"{entry.title}: {entry.summary}\n")
        print(columns(rows(entry)))
    return 0


def rows(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield what an entry states, by name, without what is empty."""
    stated = {
        "id": entry.id,
        "family": entry.family,
        "class": entry.class_name or "",
        "tasks": ", ".join(entry.tasks or ()),
        "needs": "; ".join(f"{need.target}: {need.reason}" for need in entry.requires),
        "conflicts": "; ".join(f"{item.component}: {item.reason}" for item in entry.conflicts),
        "provides": ", ".join(entry.provides),
        "depends on": ", ".join(entry.dependencies),
        "development": ", ".join(entry.dev_dependencies),
        "environment": ", ".join(variable.name for variable in entry.environment),
        "homepage": entry.homepage,
    }
    yield from ((name, text) for name, text in stated.items() if text)
