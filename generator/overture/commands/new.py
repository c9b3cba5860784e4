"""`overture new`: start a project, by questions or by options."""

import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from overture.commands.arguments import (
    Options,
    add_answers,
    given,
    in_terminal,
    split_pairs,
    template_parser,
)
from overture.commands.new_project import created_text, files_text, project_text
from overture.commands.output import print_json
from overture.commands.shapes import NewData
from overture.errors import AnswersError, UsageError
from overture.git import config
from overture.project.command_lines import overture_new
from overture.project.creating import Request, check_outcome
from overture.project.writing import check_target
from overture.template.interview import Outcome
from overture.template.template import Template


class NewOptions(Options):
    """The options of `new`."""

    words: list[str]
    directory: Path | None
    defaults: bool
    dry_run: bool
    yes: bool
    no_git: bool
    no_lock: bool

    @property
    def asks(self) -> bool:
        """Whether questions are asked: only in a terminal, and unless an option forbids it."""
        return in_terminal() and not (self.defaults or self.yes or self.json)

    @property
    def confirms(self) -> bool:
        """Whether the plan is shown and confirmed before it is carried out."""
        return in_terminal() and not (self.yes or self.json or self.dry_run)


def main(arguments: Sequence[str]) -> int:
    """Start a project: get the answers, show the plan, and create the project in one step."""
    options = _options(arguments)
    # Like Ctrl-C: temporary files are removed before the process ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    target = check_target(options.directory) if options.directory else None
    folder = target.name if target else ""
    with Template.open(options.template, options.ref, _user_defaults(), folder) as template:
        answers = given(options, template)
        if not options.asks and not (answers or options.defaults or options.yes):
            message = "There is no terminal to ask questions in, and no answer is given."
            raise UsageError(message, "Give --defaults, --preset, --answers or --data.")
        if options.asks:
            _warn_of_changes(template)
            request = _interviewed(options, template, answers, target)
        else:
            request = _request(template, template.interview.resolve(answers), answers, target)
            _warn_of_changes(template)
            request = request if _approved(options, request) else None
        if request is None:
            return 0
        if in_terminal() and not options.no_lock:
            print("Writing the project, and locking its dependencies …", file=sys.stderr)
        created = request.create(git=not options.no_git, lock=not options.no_lock)
    if options.json:
        project = asdict(created.project)
        made = NewData(**project, history=created.history, lock=created.lock, written=True)
        print_json(made)
    else:
        print(created_text(created))
    return 0


def _options(arguments: Sequence[str]) -> NewOptions:
    made = template_parser("new")
    made.add_argument(
        "words",
        nargs="*",
        metavar="DIRECTORY | KEY=VALUE",
        help="the folder, by default the project's name; and answers",
    )
    add_answers(made)
    made.add_argument("--defaults", action="store_true", help="use the defaults, and only confirm")
    made.add_argument("--yes", "-y", action="store_true", help="ask and confirm nothing")
    made.add_argument("--dry-run", action="store_true", help="show the plan, and write nothing")
    made.add_argument("--no-git", action="store_true", help="start no git history")
    made.add_argument("--no-lock", action="store_true", help="do not lock the dependencies")
    options = made.parse(arguments, NewOptions())
    pairs, folders = split_pairs(options.words)
    if len(folders) > 1:
        made.error(f"one folder at most: {' '.join(folders)}")
    options.directory = Path(folders[0]) if folders else None
    options.data += pairs
    return options


def _user_defaults() -> Mapping[str, object]:
    """Return the defaults of the user's Copier settings, which hold here too."""
    from copier import load_settings
    from copier.errors import SettingsError

    try:
        return load_settings().defaults
    except SettingsError as error:
        raise AnswersError(f"Copier's settings cannot be read: {error}") from error


def _identity() -> Mapping[str, str]:
    """Return the author's name and e-mail address of git's configuration, as far as it has them."""
    keys = {"author_name": "user.name", "author_email": "user.email"}
    found = {question: config(key) for question, key in keys.items()}
    return {question: value for question, value in found.items() if value}


def _warn_of_changes(template: Template) -> None:
    if template.source.dirty:
        warning = "The template has uncommitted changes: updates will not find this version."
        print(warning, "Commit them first.", file=sys.stderr)


def _request(
    template: Template, outcome: Outcome, chosen: Mapping[str, object], target: Path | None
) -> Request:
    """Return what to create from the result of an interview.

    Args:
        template: The template.
        outcome: The answers, and whether the rules refuse them.
        chosen: Those of the answers that are no defaults.
        target: The project's folder; by default named after the project.

    Raises:
        Refused: If the answers break the rules.
        TargetError: If the folder cannot be used.
    """
    check_outcome(template, outcome, chosen)
    target = target or check_target(Path(str(outcome.answers["project_name"])))
    given = {key: value for key, value in outcome.answers.items() if key in chosen}
    return Request(template, outcome.answers, given, target)


def _interviewed(
    options: NewOptions, template: Template, answers: Mapping[str, object], target: Path | None
) -> Request | None:
    """Ask the user until the plan is accepted; none if nothing is to be created."""
    from overture.commands.prompts import Prompts

    prompts = Prompts(answers, _identity())
    try:
        while True:
            outcome = prompts.walk(template.interview)
            request = _request(template, outcome, prompts.chosen, target)
            preview = request.preview()
            print(f"\n{project_text(preview)}\n")
            if options.dry_run:
                return None
            if prompts.accepts(template.interview, files_text(preview)):
                return request
            if prompts.stopped:
                print("Nothing was written.")
                return None
    except KeyboardInterrupt:
        if prompts.chosen:
            command = overture_new(prompts.chosen, options.directory)
            print(f"\nTo go on from these answers: {command}", file=sys.stderr)
        raise


def _approved(options: NewOptions, request: Request) -> bool:
    """Preview the project if that is wanted, and return whether to create it."""
    if not options.dry_run and not options.confirms:
        return True
    project = request.preview()
    if options.json:
        print_json(NewData(**asdict(project), history=None, lock=None, written=False))
    else:
        print(f"{files_text(project)}\n\n{project_text(project)}")
    if options.dry_run:
        return False
    from overture.commands.asking import confirmed

    if not confirmed("Write this project?"):
        print("Nothing was written.")
        return False
    return True
