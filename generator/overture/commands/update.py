"""`overture update`: bring a project to a newer version of the template."""

from collections.abc import Sequence

from overture.commands import CONFLICTS
from overture.commands.arguments import print_json
from overture.commands.changing import kept_apart, run
from overture.commands.project_options import ChangeOptions, change_parser
from overture.errors import ProjectError
from overture.project.index import add
from overture.project.journal import locked, under_way, undo
from overture.project.markers import marked
from overture.project.opening import Opened
from overture.project.project import Project
from overture.template.answers import check_keys, parse_data


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
    made.add_argument(
        "--data", "-d", metavar="KEY=VALUE", action="append", default=[], help="give one answer"
    )
    ending = made.add_mutually_exclusive_group()
    ending.add_argument(
        "--continue", dest="continue_", action="store_true", help="go on: the conflicts are solved"
    )
    ending.add_argument("--abort", action="store_true", help="go back to before the conflicts")
    options = made.parse_args(arguments, UpdateOptions())
    if options.continue_ or options.abort:
        return _ended(options)
    data = parse_data(options.data)

    def edit(opened: Opened) -> dict[str, object]:
        check_keys(data, opened.interview)
        return {**opened.answers, **data}

    words = ("update", *(("--to", options.to) if options.to else ()))
    return run(options, words, edit, to=options.to, upgrade=True)


def _ended(options: UpdateOptions) -> int:
    """End a change that left conflicts, or undo one that was interrupted."""
    project = Project.find(options.project)
    with locked(project):
        journal = under_way(project)
        if journal is None:
            message = f"Nothing is under way in {project.root}."
            raise ProjectError(message, "See what an update brings: overture update --dry-run")
        if options.abort:
            kept = undo(project, journal)
            said = f"{project.root.name} is as before `{journal.command}`."
            _say(options, said, *kept_apart(kept), kept=kept)
            return 0
        if journal.phase == "applying":
            kept = undo(project, journal)
            message = f"`{journal.command}` was interrupted, so there is nothing to go on with."
            undone = "What it had changed was undone. Run it again."
            raise ProjectError(message, "\n".join((undone, *kept_apart(kept))))
        if unsolved := marked(project, journal.conflicts):
            _say(options, *(f"conflict: {line}" for line in unsolved), unsolved=unsolved)
            return CONFLICTS
        add(project, journal.conflicts)
        journal.close()
        _say(options, "Every conflict is solved. Run your tests, and commit the change.")
        return 0


def _say(options: UpdateOptions, *lines: str, **facts: Sequence[str]) -> None:
    if options.json:
        print_json({key: list(value) for key, value in facts.items()} or {"solved": True})
        return
    for line in lines:
        print(line)
