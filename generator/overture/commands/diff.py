"""`overture diff`: what a project changed, and what an update would, each apart."""

import sys
from collections.abc import Sequence
from contextlib import ExitStack

from overture.commands.arguments import print_json
from overture.commands.changing import checked
from overture.commands.preview import coloured, differences
from overture.commands.project_options import ChangeOptions, project_parser
from overture.project.opening import check_later
from overture.project.project import Project, Recorded
from overture.project.renderings import Difference, Rendering, compared, recorded_rendering
from overture.template.interview import Interview
from overture.template.migrations import Migrations
from overture.template.source import reopened


class DiffOptions(ChangeOptions):
    """The options of `diff`."""

    own: bool
    incoming: bool
    to: str | None


def main(arguments: Sequence[str]) -> int:
    """Show how a project differs from its template, and what a newer version changes."""
    made = project_parser("diff")
    sides = made.add_mutually_exclusive_group()
    sides.add_argument("--own", action="store_true", help="only what the project changed")
    sides.add_argument("--incoming", action="store_true", help="only what an update would change")
    made.add_argument("--to", metavar="VERSION", help="the version of the update")
    options = made.parse_args(arguments, DiffOptions(dirty=True, accept_answers=True))
    project = Project.find(options.project)
    recorded = checked(project, options)
    with ExitStack() as stack:
        source = stack.enter_context(reopened(recorded.template, recorded.version))
        old = recorded_rendering(project, source, recorded)
        own = _own(project, old)
        if not (options.incoming or options.json):
            _show("What you changed", own)
        incoming = "" if options.own else _incoming(stack, project, recorded, old, options.to)
    if options.json:
        difference = Difference.of(project, old)
        found = {name: list(paths) for name, paths in vars(difference).items()}
        print_json({"project": str(project.root), **found, "own": own, "incoming": incoming})
        return 0
    if not options.own:
        _show("What an update brings", incoming)
    return 0


def _show(heading: str, text: str) -> None:
    shown = coloured(text) if text and sys.stdout.isatty() else text
    print(f"{heading}\n\n{shown or 'Nothing.'}\n")


def _own(project: Project, old: Rendering) -> str:
    there = compared(project, old.files)
    paths = [path for path in old.files if path != project.answers_file]
    differing = (path for path in paths if there.get(path) != old.files[path])
    return differences(((path, old.files[path], there.get(path)) for path in differing), old.owned)


def _incoming(
    stack: ExitStack, project: Project, recorded: Recorded, old: Rendering, to: str | None
) -> str:
    source = stack.enter_context(reopened(recorded.template, to))
    check_later(old.source, source)
    migrations = Migrations.load(source.root).after(recorded.version)
    interview = Interview.load(source.root)
    answers = interview.resolve(migrations.answers(recorded.answers)).answers
    new = Rendering.of(project, source, interview, answers)
    paths = sorted({*old.files, *new.files} - {project.answers_file})
    differing = (path for path in paths if old.files.get(path) != new.files.get(path))
    sides = ((path, old.files.get(path), new.files.get(path)) for path in differing)
    return differences(sides, old.owned | new.owned)
