"""`overture schema`: the JSON Schema of an answers file."""

from collections.abc import Sequence

from overture.commands.arguments import Options, parser, print_json
from overture.template.interview import Interview
from overture.template.schema import answers_schema
from overture.template.source import opened


def main(arguments: Sequence[str]) -> int:
    """Print the schema; it is JSON with or without `--json`."""
    options = parser("schema").parse_args(arguments, Options())
    with opened(options.template, options.ref) as source:
        print_json(answers_schema(Interview.load(source.root)))
    return 0
