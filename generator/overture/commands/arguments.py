"""Command-line options that several subcommands share, and the answers that they give."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn, TypeVar

from overture.commands import COMMANDS
from overture.errors import UsageError
from overture.template.answers import check_keys, parse_pairs, preset, read_answers
from overture.template.template import Template

Parsed = TypeVar("Parsed", bound="Options")


class Options(Namespace):
    """The shared options, parsed."""

    template: str | None
    ref: str | None
    preset: str | None
    answers: Path | None
    data: list[str]
    json: bool


class Parser(ArgumentParser):
    """A parser of a subcommand's arguments that raises its errors."""

    def parse(self, arguments: Sequence[str], options: Parsed) -> Parsed:
        """Parse arguments into options; positional ones may stand between the others.

        Raises:
            UsageError: If they are invalid.
        """
        return self.parse_intermixed_args(list(arguments), options)

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments.

        Raises:
            UsageError: Always.
        """
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", f"See: {self.prog} --help")


def parser(name: str) -> Parser:
    """Return the parser of a subcommand, with the option of all."""
    made = Parser(
        f"overture {name}", description=f"{COMMANDS[name].capitalize()}.", allow_abbrev=False
    )
    made.add_argument("--json", action="store_true", help="print JSON")
    return made


def template_parser(name: str) -> Parser:
    """Return the parser of a subcommand that reads a template."""
    made = parser(name)
    made.add_argument("--template", metavar="PATH_OR_URL", help="the template to use")
    made.add_argument("--ref", metavar="VERSION", help="the template's version: a tag or a commit")
    return made


def add_data(to: ArgumentParser) -> None:
    """Add the option that gives one answer."""
    to.add_argument(
        "--data", "-d", metavar="KEY=VALUE", action="append", default=[], help="give one answer"
    )


def split_pairs(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split positional arguments into those that give an answer, KEY=VALUE, and the others."""
    return [word for word in words if "=" in word], [word for word in words if "=" not in word]


def add_answers(to: ArgumentParser) -> None:
    """Add the options that give answers."""
    to.add_argument("--preset", metavar="NAME", help="use the answers of a preset")
    to.add_argument("--answers", metavar="FILE", type=Path, help="use the answers of a YAML file")
    add_data(to)


def given(options: Options, template: Template) -> Mapping[str, object]:
    """Return the given answers: those of the preset, overridden by the file, then by the data.

    Raises:
        AnswersError: If they cannot be read, or name no question.
    """
    chosen = preset(template.root, options.preset).answers if options.preset else {}
    read = read_answers(options.answers) if options.answers else {}
    answers = {**chosen, **read, **parse_pairs(options.data)}
    check_keys(answers, template.interview)
    return answers


def in_terminal() -> bool:
    """Tell whether the user can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()
