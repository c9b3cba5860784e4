"""The errors that Overture reports to its users.

Each has a stable code for programs, a message that says what is wrong, and a remedy.
`docs/guide.md` lists every code.
"""

TYPE_CHECKING = False  # see `overture`
if TYPE_CHECKING:
    from typing import ClassVar


class OvertureError(Exception):
    """An error that the user can act on; the command prints it and exits with 2.

    Attributes:
        code: The stable name of the error, in kebab case.
        message: What is wrong, and the rule.
        remedy: What to do about it; may be empty.
    """

    code: "ClassVar[str]"

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return "\n".join(part for part in (self.message, self.remedy) if part)


class UsageError(OvertureError):
    """The command's arguments are invalid."""

    code = "usage"


class GitError(OvertureError):
    """A git command failed."""

    code = "git-failed"


class SourceError(OvertureError):
    """The template cannot be read."""

    code = "template-unreachable"


class MissingTemplateError(SourceError):
    """A folder or repository holds no template."""

    code = "template-missing"


class SecretAddressError(SourceError):
    """The template's address holds a password or a token."""

    code = "template-address-secret"


class UnknownVersionError(SourceError):
    """The template has no such version."""

    code = "template-version-unknown"


class OlderVersionError(SourceError):
    """The requested version of the template is older than the project's."""

    code = "template-version-older"


class InterviewError(OvertureError):
    """The template's questions cannot be evaluated."""

    code = "interview-invalid"


class CatalogueError(OvertureError):
    """An entry of the catalogue or of the migrations breaks a rule."""

    code = "catalogue-invalid"


class RenderingError(OvertureError):
    """Copier could not render the template."""

    code = "rendering-failed"


class AnswersError(OvertureError):
    """The given answers cannot be read."""

    code = "answers-invalid"


class UnknownQuestionError(AnswersError):
    """An answer is given to a question that does not exist."""

    code = "question-unknown"


class UnknownPresetError(AnswersError):
    """The template has no such preset."""

    code = "preset-unknown"


class UnknownFamilyError(OvertureError):
    """The catalogue has no such family."""

    code = "family-unknown"


class UnknownComponentError(OvertureError):
    """The catalogue has no such component."""

    code = "component-unknown"


class NotChosenError(OvertureError):
    """The project does not have the component."""

    code = "component-not-chosen"


class RemovedComponentError(OvertureError):
    """The requested version of the template no longer has a component of the project."""

    code = "component-removed"


class TargetError(OvertureError):
    """The folder for a new project cannot be used."""

    code = "target-unusable"


class ProjectError(OvertureError):
    """A project is not in a state in which it can be changed."""


class ProjectNotFoundError(ProjectError):
    """A folder is not part of a project."""

    code = "project-not-found"


class NoHistoryError(ProjectError):
    """A project has no git history."""

    code = "project-without-history"


class AnswersFileError(ProjectError):
    """The answers file of a project cannot be read."""

    code = "answers-unreadable"


class EditedAnswersError(ProjectError):
    """The answers file of a project was edited by hand."""

    code = "answers-edited"


class MergedAnswersError(ProjectError):
    """Git merged branches that both changed the answers file of a project."""

    code = "answers-merged"


class UncommittedError(ProjectError):
    """A project has uncommitted changes."""

    code = "project-uncommitted"


class UndecidedEditsError(ProjectError):
    """A change removes files that the user edited, and it is undecided what to do with them."""

    code = "edits-undecided"


class BlockedPathError(ProjectError):
    """Something blocks the path of a file to write or to move."""

    code = "path-blocked"


class UnknownFileError(ProjectError):
    """The template renders no such file for this project."""

    code = "file-unknown"


class LockedError(ProjectError):
    """Another process is changing the project."""

    code = "project-locked"


class UnwritableError(ProjectError):
    """A file of the project or of its repository cannot be written."""

    code = "project-unwritable"


class ModifiedError(ProjectError):
    """A file was modified after the change was planned."""

    code = "project-modified"


class OpenConflictsError(ProjectError):
    """The conflicts of an earlier change are not resolved."""

    code = "conflicts-open"


class InterruptedChangeError(ProjectError):
    """An earlier change was interrupted."""

    code = "change-interrupted"


class NothingUnderWayError(ProjectError):
    """There is no change to continue or to abort."""

    code = "nothing-under-way"
