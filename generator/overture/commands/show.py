"""`overture show`: show a component and its files."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from overture.commands.arguments import Options, template_parser
from overture.commands.output import print_json
from overture.commands.shapes import ShowData
from overture.commands.text import columns
from overture.template.entries import Entry
from overture.template.template import Template


class ShowOptions(Options):
    """The options of `show`."""

    id: str


def main(arguments: Sequence[str]) -> int:
    """Show one component."""
    made = template_parser("show")
    made.add_argument("id", metavar="ID", help="the component")
    options = made.parse(arguments, ShowOptions())
    with Template.open(options.template, options.ref) as template:
        interview, entry = template.interview, template.catalogue[options.id]
        stated = entry.model_dump(mode="json", exclude_none=True)
        paths = sorted(interview.belonging(stated, _templated(template.root / "template")))
        owned = sorted(interview.owned(paths))
    if options.json:
        print_json(ShowData(entry, tuple(paths), tuple(owned)))
        return 0
    marked = (f"{path}  (yours: written once)" if path in owned else path for path in paths)
    print(f"{entry.title}: {entry.summary}\n")
    print(columns([*_rows(entry), *([("files", "\n".join(marked))] if paths else [])]))
    return 0


def _templated(folder: Path) -> Iterator[str]:
    """Yield the path of every file of a template, as it is in a project."""
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).as_posix().removesuffix(".jinja")
            yield name.replace("{{ package }}", "<package>")


def _rows(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the facts of an entry that are not empty, each with a label."""
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
        "recipes": ", ".join(sorted(entry.recipe_names)),
        "homepage": entry.homepage,
    }
    yield from ((name, text) for name, text in stated.items() if text)
