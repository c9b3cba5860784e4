"""What can go wrong, said once: what happened, the rule, and the remedy."""


class OvertureError(Exception):
    """A refusal that a person can act on; the command prints it and exits with 2.

    Attributes:
        message: What is wrong, and the rule.
        remedy: What to do about it; may be empty.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return "\n".join(part for part in (self.message, self.remedy) if part)


class SourceError(OvertureError):
    """The template cannot be read from where it should come."""


class CatalogueError(OvertureError):
    """An entry of the catalogue breaks a rule."""


class InterviewError(OvertureError):
    """The template's questions cannot be evaluated."""


class AnswersError(OvertureError):
    """Answers cannot be read, or name what does not exist."""


class SelectionError(OvertureError):
    """The interview's rules refuse the answers."""


class TargetError(OvertureError):
    """The folder of the new project cannot be used."""


class RenderingError(OvertureError):
    """Copier could not render the template."""


class GitError(OvertureError):
    """A git command failed."""


class ProjectError(OvertureError):
    """A project is not in a state that can be changed."""
