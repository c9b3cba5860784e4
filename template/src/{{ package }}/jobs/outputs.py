"""Outputs: the datasets that a job writes, which must be apart from all that it uses."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from ..datasets.base import Dataset
from ..datasets.overlapping import overlap
from ..errors import ConfigurationError
from ..location import location


@runtime_checkable
class Stored(Protocol):
    """What may be stored in files: a dataset, a saved model, or the runs of a tracker."""

    def paths(self) -> tuple[Path, ...]:
        """Return the files and folders that hold it; none if they are unknown."""


def check_outputs(
    values: Mapping[str, Any], writes: Iterable[str], files: Iterable[str] = ()
) -> None:
    """Check that a job can write its outputs, and changes nothing that it uses by it.

    Args:
        values: The configuration of the job.
        writes: The keys of the datasets that it writes.
        files: The files that the configuration was loaded from.

    Raises:
        ConfigurationError: If an output is an input, a configuration file or the file of a tracker,
            contains it, or lies in it.
        DataError: If an output cannot be written.
    """
    outputs: dict[str, Dataset] = {key: values[key] for key in writes if values[key] is not None}
    for key, output in outputs.items():
        output.check_output()
        for name in _changed(output, {k: v for k, v in values.items() if k not in outputs}, files):
            raise ConfigurationError(
                f"writing {output.location} would change {name}: write to another place", key
            )


def _changed(output: Dataset, values: Mapping[str, Any], files: Iterable[str]) -> Iterator[str]:
    """Yield the names of what writing an output could change."""
    for key, value in values.items():
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Stored) and _touches(output, each):
                yield f"'{key}', which is used"
    for file in files:
        if overlap(output.paths(), (location(file),)):
            yield f"the configuration {file}"


def _touches(output: Dataset, given: Stored) -> bool:
    """Return whether writing an output could change an input."""
    if isinstance(given, Dataset):
        return output.overlaps(given)
    return overlap(output.paths(), given.paths())
