"""From words, as they stand after the command `run`, to what is done."""

from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import Protocol, TypeVar

from pydantic import TypeAdapter

from ..errors import ConfigurationError
from ..location import is_url, location
from ..runs.context import RunContext
from ..runs.latest import LATEST, find
from ..runs.run import FinishedRun
from .load import COMMAND_LINE, Configuration, Values, load
from .validate import conform


class Statement(Protocol):
    """A job, or a pipeline."""

    def run(self, context: RunContext | None = None) -> FinishedRun | None:
        """Do the work.

        Args:
            context: The stated configuration, and the run that starts this one, if any.
        """


S = TypeVar("S", bound=Statement)


def read(
    words: Sequence[str],
    fill: Callable[[Values], Values] = lambda stated: stated,
    origin: str = COMMAND_LINE,
) -> Configuration:
    """Return what words state.

    Args:
        words: YAML files, of which a part `latest` stands for the newest run as `find` says, and
            settings.
        fill: Changes what is stated before it is resolved.
        origin: What settings are called in messages.

    Raises:
        ConfigurationError: If a file or a setting is not what it must be.
        ProjectError: If there is no newest run.
    """
    settings = [word for word in words if is_setting(word)]
    files = [
        str(find(location(word))) if LATEST in PurePosixPath(word).parts else word
        for word in words
        if not is_setting(word)
    ]
    return load(files, settings, fill, origin)


def is_setting(word: str) -> bool:
    """Tell whether a word is a setting, `key=value`, and not a file."""
    return "=" in word and not is_url(word) and not _is_there(word)


def _is_there(word: str) -> bool:
    """Tell whether a word is a path of what is there; one that is too long for that is not."""
    try:
        return Path(word).exists()
    except OSError:
        return False


def carry_out(
    configuration: Configuration, adapter: TypeAdapter[S], parent: str | None = None
) -> FinishedRun | None:
    """Run the job or pipeline that a configuration states.

    Args:
        configuration: What is stated.
        adapter: The union of what it may be.
        parent: The id of the run that starts this one, if one does.

    Returns:
        The run that it made; none if it makes none.

    Raises:
        ProjectError: If an input is not what it must be; if a key is to blame, its file is named.
    """
    statement = conform(configuration, adapter)
    try:
        return statement.run(RunContext(configuration.stated, parent))
    except ConfigurationError as error:
        origin = f"{configuration.origin(error.key)}: " if error.key else ""
        raise ConfigurationError(f"{origin}{error}") from error
