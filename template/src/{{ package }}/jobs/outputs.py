"""Outputs: the datasets that a job writes, none of which it may also read."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from ..datasets.base import Dataset
from ..datasets.overlapping import overlap
from ..errors import ConfigurationError


@runtime_checkable
class Stored(Protocol):
    """What may be stored in files: a dataset, or a saved model."""

    def paths(self) -> tuple[Path, ...]:
        """Return the files and folders that hold it; none if they are unknown."""


def check_outputs(values: Mapping[str, Any], writes: Iterable[str]) -> None:
    """Check that a job can write its outputs, and changes none of its inputs by it.

    Args:
        values: The configuration of the job.
        writes: The keys of the datasets that it writes.

    Raises:
        ConfigurationError: If an output is an input, contains it, or lies in it.
        DataError: If an output cannot be written.
    """
    outputs: dict[str, Dataset] = {key: values[key] for key in writes if values[key] is not None}
    for key, output in outputs.items():
        output.check_output()
        for name, given in values.items():
            if name not in outputs and isinstance(given, Stored) and _touches(output, given):
                raise ConfigurationError(
                    f"writing {output.location} would change '{name}', which is read: write to"
                    " another place",
                    key,
                )


def _touches(output: Dataset, given: Stored) -> bool:
    """Return whether writing an output could change an input."""
    if isinstance(given, Dataset):
        return output.overlaps(given)
    return overlap(output.paths(), given.paths())
