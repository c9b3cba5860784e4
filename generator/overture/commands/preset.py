"""`overture preset`: the presets of the template."""

from collections.abc import Mapping, Sequence

from overture.commands.arguments import Options, parser, print_json
from overture.commands.summary import columns
from overture.template.answers import preset, presets
from overture.template.source import opened


class PresetOptions(Options):
    """The options of `preset`."""

    action: str
    name: str | None


def main(arguments: Sequence[str]) -> int:
    """List the presets, or show one."""
    options_parser = parser("preset")
    options_parser.add_argument("action", choices=["list", "show"], help="what to do")
    options_parser.add_argument("name", nargs="?", metavar="NAME", help="the preset to show")
    options = options_parser.parse_args(arguments, PresetOptions())
    if (options.action == "show") != (options.name is not None):
        options_parser.error("`preset list` takes no name, and `preset show` takes one")
    with opened(options.template, options.ref) as source:
        if options.name is not None:
            _show(preset(source.root, options.name).answers, as_json=options.json)
            return 0
        found = presets(source.root)
    if options.json:
        print_json([{"name": item.name, "summary": item.summary} for item in found])
    else:
        print(columns((item.name, item.summary) for item in found))
    return 0


def _show(answers: Mapping[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json(dict(answers))
        return
    import yaml

    print(yaml.safe_dump(dict(answers), sort_keys=False, allow_unicode=True), end="")
