"""`overture diff`: show the user's changes, and what an update would change, separately."""

from collections.abc import Sequence

from overture.commands import FOUND
from overture.commands.differences import print_unified, unified
from overture.commands.output import print_json
from overture.commands.project_options import ProjectOptions, project_parser
from overture.commands.shapes import DiffData
from overture.project.comparing import incoming_changes, own_changes
from overture.project.opening import Opened
from overture.project.renderings import Difference, Rendering, recorded_rendering


class DiffOptions(ProjectOptions):
    """The options of `diff`."""

    own: bool
    incoming: bool
    to: str | None
    exit_code: bool


def main(arguments: Sequence[str]) -> int:
    """Show how a project differs from its template, and what a newer version changes."""
    made = project_parser("diff")
    sides = made.add_mutually_exclusive_group()
    sides.add_argument("--own", action="store_true", help="only your changes")
    sides.add_argument("--incoming", action="store_true", help="only what an update would change")
    made.add_argument("--to", metavar="VERSION", help="the version of the update")
    made.add_argument("--exit-code", action="store_true", help="exit with 3 if anything differs")
    options = made.parse(arguments, DiffOptions())
    project, recorded = options.found()
    with Opened.open(project, recorded) as opened:
        old = recorded_rendering(project, opened.old, recorded)
        own = "" if options.incoming and not options.json else _own(opened, old)
        if not (options.incoming or options.json):
            _print("Your changes", own)
        incoming = "" if options.own else _incoming(opened, old, options.to)
    if options.json:
        difference = Difference.of(project, old)
        paths = (difference.edited, difference.deleted, difference.owned)
        print_json(DiffData(str(project.root), *paths, own, incoming))
    elif not options.own:
        _print("Changes of an update", incoming)
    return FOUND if options.exit_code and (own or incoming) else 0


def _own(opened: Opened, old: Rendering) -> str:
    return unified(own_changes(opened.project, old), old.owned)


def _incoming(opened: Opened, old: Rendering, to: str | None) -> str:
    with opened.upgraded(to) as upgraded:
        pairs, new = incoming_changes(upgraded, old)
    return unified(pairs, old.owned | new.owned)


def _print(heading: str, text: str) -> None:
    print(f"{heading}\n")
    print_unified(text or "None.")
    print()
