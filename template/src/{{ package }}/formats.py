"""Documents: JSON files that the project writes, and that later versions of it can read.

A format has a number, which is stored in its files. Raise it whenever the previous version could
not read a new file, or would misread it: a field is added, removed, renamed, or has another
meaning. Old files stay readable: add a function to `UPGRADES` that converts the content of the
previous format to the new one, and keep an example of each format as a test.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from .errors import ArtifactError

Content = dict[str, Any]
CHUNK = 1 << 20  # bytes of a file that are read at once


class Document(BaseModel):
    """A JSON file, with the number of its format in the field `format`.

    Attributes:
        FILE: The name of the file.
        UPGRADES: For each older format, the conversion of its content to the next one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    FILE: ClassVar[str]
    UPGRADES: ClassVar[Mapping[int, Callable[[Content], Content]]] = {}

    @model_validator(mode="before")
    @classmethod
    def _upgrade(cls, content: Any) -> Any:
        """Turn the content of an older format into that of the current one."""
        current: int = cls.model_fields["format"].default
        if not isinstance(content, dict) or "format" not in content:
            return content
        found = content["format"]
        if isinstance(found, int) and found > current:
            raise ValueError(
                f"it has format {found}, and this version of the project reads up to {current}:"
                " update the project (overture update), or use a file of this version"
            )
        while (upgrade := cls.UPGRADES.get(found)) and found < current:
            found += 1
            content = {**upgrade(content), "format": found}
        return content

    def save(self, folder: Path) -> None:
        """Write the file to a folder."""
        (folder / self.FILE).write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the file of a folder.

        Raises:
            ArtifactError: If the file is missing or invalid, or its format is newer than is known.
        """
        path = folder / cls.FILE
        try:
            document = cls.model_validate_json(path.read_bytes())
        except FileNotFoundError as error:
            raise ArtifactError(f"{path}: there is no such file") from error
        except OSError as error:
            raise ArtifactError(f"{path}: it cannot be read: {error}") from error
        except ValidationError as error:
            raise ArtifactError(f"{path}: {_reason(error)}") from error
        if "format" not in document.model_fields_set:
            raise ArtifactError(f"{path}: it is not valid: it states no format")
        return document


def _reason(error: ValidationError) -> str:
    """Return the first error, in one line."""
    first = error.errors(include_url=False)[0]
    if first["type"] == "value_error":
        return first["msg"].removeprefix("Value error, ")
    return ": ".join(["it is not valid", *map(str, first["loc"]), first["msg"]])


def copied(path: Path, copy: Path) -> str:
    """Copy a regular file, which is read once, and return the SHA-256 of the copy.

    Raises:
        ArtifactError: If it is missing, a link, a device, or otherwise cannot be read.
    """
    digest = hashlib.sha256()
    try:
        # A link is not followed, and a pipe is not waited for.
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(opened, "rb") as source, copy.open("wb") as target:
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                raise ArtifactError(f"{path}: it is not a regular file: copy the model again")
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                target.write(chunk)
    except FileNotFoundError as error:
        raise ArtifactError(f"{path}: missing; train the model again") from error
    except (OSError, ValueError) as error:
        message = f"{path}: it is not a regular file that can be read: {error}"
        raise ArtifactError(message) from error
    return digest.hexdigest()
