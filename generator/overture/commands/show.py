"""`overture show`: what a component is, and its files."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from overture.commands.arguments import Options, parser, print_json
from overture.commands.summary import columns
from overture.template.catalogue import Catalogue
from overture.template.entries import Entry
from overture.template.interview import Interview
from overture.template.source import opened


class ShowOptions(Options):
    """The options of `show`."""

    id: str


def main(arguments: Sequence[str]) -> int:
    """Show one component."""
    options_parser = parser("show")
    options_parser.add_argument("id", metavar="ID", help="the component")
    options = options_parser.parse_args(arguments, ShowOptions())
    with opened(options.template, options.ref) as source:
        interview = Interview.load(source.root)
        entry = Catalogue.load(source.root, interview.families)[options.id]
        stated = entry.model_dump(mode="json", exclude_none=True)
        paths = sorted(interview.belonging(stated, templated(source.root / "template")))
        owned = sorted(interview.owned(paths))
    if options.json:
        print_json({**stated, "files": paths, "owned": owned})
        return 0
    marked = (f"{path}  (yours: written once)" if path in owned else path for path in paths)
    print(f"{entry.title}: {entry.summary}\n")
    print(columns([*rows(entry), ("files", "\n".join(marked))]))
    return 0


def templated(folder: Path) -> Iterator[str]:
    """Yield the path of every file of a template, as it will be in a project."""
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).as_posix().removesuffix(".jinja")
            yield name.replace("{{ package }}", "<package>")


def rows(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield what an entry states, by name, without what is empty."""
    stated = {
        "id": entry.id,
        "family": entry.family,
        "withheld": entry.withheld or "",
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
