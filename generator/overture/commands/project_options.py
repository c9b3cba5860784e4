"""The options of the commands that read a project, and of those that change it."""

from pathlib import Path

from overture.commands.arguments import Options, Parser, in_terminal, parser
from overture.project.changes import Decision
from overture.project.integrity import recorded_as_of
from overture.project.project import Project, Recorded


class ProjectOptions(Options):
    """The options of every command that reads a project."""

    project: Path
    from_: str | None

    def found(self) -> tuple[Project, Recorded]:
        """Return the project, and what it was rendered from."""
        project = Project.find(self.project)
        return project, recorded_as_of(project, self.from_)


class ChangeOptions(ProjectOptions):
    """The options of every command that changes a project."""

    yes: bool
    dry_run: bool
    dirty: bool
    keep_edited: bool
    discard_edited: bool
    accept_answers: bool

    @property
    def asks(self) -> bool:
        """Whether the user is asked: only in a terminal, and unless an option forbids it."""
        return in_terminal() and not (self.yes or self.json or self.dry_run)

    @property
    def decision(self) -> Decision | None:
        """What becomes of edited files that the template no longer has, if it is decided."""
        if self.keep_edited:
            return "keep"
        return "discard" if self.discard_edited else None


def project_parser(name: str) -> Parser:
    """Return the parser of a command that reads a project."""
    made = parser(name)
    made.add_argument(
        "--project", "-C", type=Path, default=Path(), metavar="DIRECTORY", help="the project"
    )
    made.add_argument(
        "--from",
        dest="from_",
        metavar="VERSION",
        help="the template's version that the project follows, if the recorded one is gone",
    )
    return made


def change_parser(name: str) -> Parser:
    """Return the parser of a command that changes a project."""
    made = project_parser(name)
    made.add_argument("--yes", "-y", action="store_true", help="ask and confirm nothing")
    made.add_argument("--dry-run", action="store_true", help="show the change, and write nothing")
    made.add_argument("--dirty", action="store_true", help="accept uncommitted changes")
    edited = made.add_mutually_exclusive_group()
    edited.add_argument(
        "--keep-edited", action="store_true", help="keep edited files that the template removes"
    )
    edited.add_argument(
        "--discard-edited", action="store_true", help="remove them together with your edits"
    )
    made.add_argument(
        "--accept-answers",
        action="store_true",
        help="accept an answers file that was edited by hand",
    )
    return made
