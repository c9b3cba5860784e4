"""`overture preset`: list the presets of the template, or show one."""

from collections.abc import Mapping, Sequence

from overture.commands.arguments import Options, template_parser
from overture.commands.output import print_json
from overture.commands.shapes import PresetData
from overture.commands.text import columns
from overture.template.answers import preset, presets
from overture.template.template import Template


class PresetOptions(Options):
    """The options of `preset`."""

    action: str
    name: str | None


def main(arguments: Sequence[str]) -> int:
    """List the presets, or show one."""
    made = template_parser("preset")
    made.add_argument("action", choices=["list", "show"], help="what to do")
    made.add_argument("name", nargs="?", metavar="NAME", help="the preset to show")
    options = made.parse_args(arguments, PresetOptions())
    if (options.action == "show") != (options.name is not None):
        made.error("`preset list` takes no name, and `preset show` takes one")
    with Template.open(options.template, options.ref) as template:
        if options.name is not None:
            _show(preset(template.root, options.name).answers, as_json=options.json)
            return 0
        found = presets(template.root)
    if options.json:
        print_json([PresetData(item.name, item.summary) for item in found])
    else:
        print(columns((item.name, item.summary) for item in found))
    return 0


def _show(answers: Mapping[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json(dict(answers))
        return
    import yaml

    print(yaml.safe_dump(dict(answers), sort_keys=False, allow_unicode=True), end="")
