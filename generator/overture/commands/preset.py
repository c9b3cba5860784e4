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

    words: list[str]


def main(arguments: Sequence[str]) -> int:
    """List the presets, or show one."""
    made = template_parser("preset")
    made.add_argument(
        "words", nargs="*", metavar="NAME", help="the preset to show; by default all are listed"
    )
    options = made.parse(arguments, PresetOptions())
    action, names = options.words[:1], options.words
    if action in (["list"], ["show"]):
        names = names[1:]
    if len(names) > (action != ["list"]) or options.words == ["show"]:
        made.error("`preset list` takes no name, and `preset show` takes one")
    name = names[0] if names else None
    with Template.open(options.template, options.ref) as template:
        if name is not None:
            _show(preset(template.root, name).answers, as_json=options.json)
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
