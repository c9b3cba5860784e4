"""Loading, validating and running what the arguments of `run` configure."""

from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import Protocol, TypeVar

from pydantic import TypeAdapter

from ..concealing import conceal
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
    """Load the configuration of arguments.

    Args:
        words: YAML files, in whose paths `latest` is the newest run, and settings.
        fill: Transforms the values before they are resolved.
        origin: The name of the settings in messages.

    Raises:
        ConfigurationError: If a file or a setting is invalid.
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
    """Return whether an argument is a setting, `key=value`, and not a file."""
    return "=" in word and not is_url(word) and not _is_there(word)


def _is_there(word: str) -> bool:
    """Return whether an argument is an existing path; one that is too long is not."""
    try:
        return Path(word).exists()
    except OSError:
        return False


def carry_out(
    configuration: Configuration, adapter: TypeAdapter[S], parent: str | None = None
) -> FinishedRun | None:
    """Run the job or pipeline of a configuration.

    Args:
        configuration: The configuration.
        adapter: The union of the possible jobs and pipelines.
        parent: The id of the run that starts this one, if one does.

    Returns:
        The finished run; none if the job makes none.

    Raises:
        ProjectError: If an input is invalid; it names the file of the key, if there is one.
    """
    statement = conform(configuration, adapter)
    try:
        return statement.run(RunContext(configuration.stated, parent, configuration.sources))
    except ConfigurationError as error:
        origin = f"{configuration.origin(error.key)}: " if error.key else ""
        raise ConfigurationError(conceal(f"{origin}{error}")) from error
