"""`overture schema`: print the JSON Schema of an answers file."""

from collections.abc import Sequence

from overture.commands.arguments import Options, template_parser
from overture.commands.output import print_json
from overture.template.schema import answers_schema
from overture.template.template import Template


def main(arguments: Sequence[str]) -> int:
    """Print the schema; it is JSON with or without `--json`."""
    options = template_parser("schema").parse(arguments, Options())
    with Template.open(options.template, options.ref) as template:
        print_json(answers_schema(template.interview))
    return 0
