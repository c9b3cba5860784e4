"""The options of the commands that look at a project, and of those that change it."""

from argparse import ArgumentParser
from pathlib import Path

from overture.commands import COMMANDS
from overture.commands.arguments import Options, in_terminal
from overture.project.changes import Decision


class ChangeOptions(Options):
    """The options of every command that changes a project."""

    project: Path
    from_: str | None
    yes: bool
    dry_run: bool
    dirty: bool
    keep_edited: bool
    discard_edited: bool
    accept_answers: bool

    @property
    def asks(self) -> bool:
        """Whether a person is asked: only in a terminal, and unless told otherwise."""
        return in_terminal() and not (self.yes or self.json or self.dry_run)

    @property
    def decision(self) -> Decision | None:
        """What becomes of edited files that the template has no longer, if it is decided."""
        if self.keep_edited:
            return "keep"
        return "discard" if self.discard_edited else None


def project_parser(name: str) -> ArgumentParser:
    """Return the parser of a command that looks at a project."""
    made = ArgumentParser(f"overture {name}", description=f"{COMMANDS[name].capitalize()}.")
    made.add_argument(
        "--project", "-C", type=Path, default=Path(), metavar="DIRECTORY", help="the project"
    )
    made.add_argument("--json", action="store_true", help="print JSON")
    made.add_argument(
        "--from",
        dest="from_",
        metavar="VERSION",
        help="the template's version that the project follows, if the recorded one is gone",
    )
    return made


def change_parser(name: str) -> ArgumentParser:
    """Return the parser of a command that changes a project."""
    made = project_parser(name)
    made.add_argument("--yes", "-y", action="store_true", help="ask nothing, and do not confirm")
    made.add_argument("--dry-run", action="store_true", help="show the change, and write nothing")
    made.add_argument("--dirty", action="store_true", help="go on with uncommitted changes")
    edited = made.add_mutually_exclusive_group()
    edited.add_argument(
        "--keep-edited", action="store_true", help="keep edited files of what is removed"
    )
    edited.add_argument("--discard-edited", action="store_true", help="remove them with your edits")
    made.add_argument(
        "--accept-answers",
        action="store_true",
        help="take an answers file that was edited by hand as it is",
    )
    return made
