"""`overture update`: update a project to a newer version of the template."""

from collections.abc import Sequence

from overture.commands import CONFLICTS
from overture.commands.arguments import add_data
from overture.commands.changing import run
from overture.commands.output import print_json
from overture.commands.project_options import ChangeOptions, change_parser
from overture.commands.shapes import EndData
from overture.project.applying import End, abort_change, continue_change, kept_lines
from overture.project.edits import setting
from overture.project.journal import locked
from overture.project.project import Project
from overture.template.answers import parse_pairs


class UpdateOptions(ChangeOptions):
    """The options of `update`."""

    to: str | None
    data: list[str]
    continue_: bool
    abort: bool


def main(arguments: Sequence[str]) -> int:
    """Update a project, or end an update that left conflicts."""
    made = change_parser("update")
    made.add_argument("--to", metavar="VERSION", help="a tag or a commit; by default the newest")
    add_data(made)
    ending = made.add_mutually_exclusive_group()
    ending.add_argument(
        "--continue", dest="continue_", action="store_true", help="continue: conflicts are resolved"
    )
    ending.add_argument("--abort", action="store_true", help="undo the change that left conflicts")
    options = made.parse(arguments, UpdateOptions())
    if options.continue_ or options.abort:
        return _end(options)
    words = ("update", *(("--to", options.to) if options.to else ()))
    edit = setting(parse_pairs(options.data))
    return run(options, words, edit, to=options.to, upgrade=True)


def _end(options: UpdateOptions) -> int:
    """End a change that left conflicts, or undo one that was interrupted."""
    project = Project.find(options.project)
    with locked(project):
        end = abort_change(project) if options.abort else continue_change(project)
    ended = not end.conflicts
    if options.json:
        print_json(EndData(str(project.root), ended, end.conflicts, end.kept))
    else:
        print(_text(project, end, aborted=options.abort))
    return 0 if ended else CONFLICTS


def _text(project: Project, end: End, *, aborted: bool) -> str:
    if aborted:
        restored = f"{project.root.name} is as it was before `{end.command}`."
        return "\n".join((restored, *kept_lines(end.kept)))
    if end.conflicts:
        return "\n".join(f"conflict: {place}" for place in end.conflicts)
    return "All conflicts are resolved. Run your tests, and commit the change."
