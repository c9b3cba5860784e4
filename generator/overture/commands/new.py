"""`overture new`: start a project, by questions or by options."""

import shutil
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from overture.commands.arguments import (
    Options,
    add_answers,
    given,
    in_terminal,
    parser,
    print_json,
)
from overture.commands.proposals import proposal_text
from overture.commands.summary import described, farewell
from overture.errors import AnswersError
from overture.project.history import History, started
from overture.project.plan import Plan
from overture.project.project import Project
from overture.project.renderings import keep
from overture.project.writing import checked, place, staged
from overture.template.answers import refuse
from overture.template.catalogue import Catalogue
from overture.template.interview import Answers, Interview, Outcome
from overture.template.source import Source, opened


class NewOptions(Options):
    """The options of `new`."""

    directory: Path | None
    defaults: bool
    dry_run: bool
    yes: bool
    no_git: bool

    @property
    def asks(self) -> bool:
        """Whether questions are asked: only in a terminal, and unless told otherwise."""
        return in_terminal() and not (self.defaults or self.yes or self.json)

    @property
    def confirms(self) -> bool:
        """Whether the plan is shown and confirmed before it is carried out."""
        return in_terminal() and not (self.yes or self.json or self.dry_run)


def main(arguments: Sequence[str]) -> int:
    """Start a project: answers, then a plan, then one step that puts it into place."""
    options = _options(arguments)
    # Like Ctrl-C: what is half made is removed before the process ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    target = checked(options.directory) if options.directory else None
    with opened(options.template, options.ref) as source:
        interview = Interview.load(source.root, _own_defaults())
        catalogue = Catalogue.load(source.root, interview.families)
        answers = given(options, source, interview)
        if not options.asks and not (answers or options.defaults or options.yes):
            message = "There is no terminal to ask questions in, and no answer is given."
            raise AnswersError(message, "Give --defaults, --preset, --answers or --data.")
        outcome, chosen = _answered(options, interview, catalogue, answers)
        target = target or checked(Path(str(outcome.answers["project_name"])))
        plan_of = partial(Plan.of, source=source, interview=interview, given=chosen, target=target)
        if source.dirty:
            warning = "The template has uncommitted changes: updates will not find this version."
            print(warning, "Commit them first.", file=sys.stderr)
        if (options.dry_run or options.confirms) and not _approved(
            options, _planned(source, outcome.answers, plan_of)
        ):
            return 0
        plan, history = _made(options, source, outcome.answers, plan_of, target)
    if options.json:
        print_json({**plan.data(), "history": history})
    else:
        print(farewell(plan, history))
    return 0


def _options(arguments: Sequence[str]) -> NewOptions:
    made = parser("new")
    made.add_argument(
        "directory", nargs="?", type=Path, metavar="DIRECTORY", help="by default the project's name"
    )
    add_answers(made)
    made.add_argument("--defaults", action="store_true", help="take the defaults, and only confirm")
    made.add_argument("--yes", "-y", action="store_true", help="ask nothing, and do not confirm")
    made.add_argument("--dry-run", action="store_true", help="show the plan, and write nothing")
    made.add_argument("--no-git", action="store_true", help="start no git history")
    return made.parse_args(arguments, NewOptions())


def _own_defaults() -> Mapping[str, object]:
    """Return the defaults that a person set for Copier, which hold here too."""
    from copier import load_settings
    from copier.errors import SettingsError

    try:
        return load_settings().defaults
    except SettingsError as error:
        raise AnswersError(f"Copier's settings cannot be read: {error}") from error


def _answered(
    options: NewOptions, interview: Interview, catalogue: Catalogue, answers: Mapping[str, object]
) -> tuple[Outcome, Answers]:
    """Return what the interview comes to, and those of the answers that are no defaults."""
    if options.asks:
        from overture.commands.prompts import Prompts

        suggested = {"project_name": options.directory.resolve().name} if options.directory else {}
        prompts = Prompts(answers, suggested)
        outcome = interview.walk(prompts)
        chosen: Mapping[str, object] = prompts.chosen
    else:
        outcome = interview.resolve(answers)
        chosen = answers
    if outcome.refusals:
        refuse(outcome, proposal_text(interview, catalogue, answers))
    return outcome, {key: value for key, value in outcome.answers.items() if key in chosen}


def _planned(source: Source, answers: Answers, plan_of: Callable[[Path], Plan]) -> Plan:
    from overture.template.rendering import render

    with TemporaryDirectory(prefix="overture-") as name:
        folder = Path(name) / "project"
        render(source, answers, folder)
        return plan_of(folder)


def _made(
    options: NewOptions,
    source: Source,
    answers: Answers,
    plan_of: Callable[[Path], Plan],
    target: Path,
) -> tuple[Plan, History]:
    from overture.template.rendering import render

    with TemporaryDirectory(prefix="overture-") as name, staged(target) as folder:
        render(source, answers, pristine := Path(name) / "project")
        plan = plan_of(pristine)
        shutil.copytree(pristine, folder)
        history: History = "absent" if options.no_git else started(folder, target)
        place(folder, target)
        if history != "absent" and source.commit is not None:
            keep(Project.find(target), source, answers, pristine)  # without what hooks did
    return plan, history


def _approved(options: NewOptions, plan: Plan) -> bool:
    """Show a plan, and tell whether to carry it out."""
    if options.json:
        print_json(plan.data())
    else:
        print(described(plan))
    if options.dry_run:
        return False
    from overture.commands.prompts import confirmed

    if not confirmed("Write this project?"):
        print("Nothing was written.")
        return False
    return True
