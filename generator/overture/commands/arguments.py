"""Options that several subcommands share, and what they come to."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from overture.commands import COMMANDS
from overture.template.answers import check_keys, parse_data, preset, read_answers
from overture.template.interview import Interview
from overture.template.source import Source


class Options(Namespace):
    """What the shared options come to."""

    template: str | None
    ref: str | None
    preset: str | None
    answers: Path | None
    data: list[str]
    json: bool


def parser(name: str) -> ArgumentParser:
    """Return a subcommand's parser with the options that all share."""
    made = ArgumentParser(f"overture {name}", description=f"{COMMANDS[name].capitalize()}.")
    made.add_argument("--template", metavar="PATH_OR_URL", help="the template to use")
    made.add_argument("--ref", metavar="VERSION", help="the template's version: a tag or a commit")
    made.add_argument("--json", action="store_true", help="print JSON")
    return made


def add_answers(to: ArgumentParser) -> None:
    """Add the options that give answers."""
    to.add_argument("--preset", metavar="NAME", help="take a preset's answers")
    to.add_argument("--answers", metavar="FILE", type=Path, help="take a YAML file's answers")
    to.add_argument(
        "--data", "-d", metavar="KEY=VALUE", action="append", default=[], help="give one answer"
    )


def given(options: Options, source: Source, interview: Interview) -> Mapping[str, object]:
    """Return the given answers: the preset's, over them the file's, over them the data's.

    Raises:
        AnswersError: If they cannot be read, or name no question.
    """
    chosen = preset(source.root, options.preset).answers if options.preset else {}
    read = read_answers(options.answers) if options.answers else {}
    answers = {**chosen, **read, **parse_data(options.data)}
    check_keys(answers, interview)
    return answers


def print_json(value: object) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def in_terminal() -> bool:
    """Tell whether a person can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()
