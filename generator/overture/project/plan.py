"""What a new project will be: a value to print, compare and confirm before anything is written."""

import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import yaml

from overture.errors import RenderingError
from overture.template.interview import Answers, Interview
from overture.template.questions import Value
from overture.template.source import Source


@dataclass(frozen=True)
class Plan:
    """A new project.

    Attributes:
        target: The folder where it lands.
        template: What Copier records as its template.
        version: The template's version that Copier records; none without history.
        answers: The answers, as recorded.
        files: Its files, by path.
        owned: Those of them that are written once, and then are the user's.
        dependencies: What it depends on.
        dev_dependencies: What its development depends on besides.
        command: The `copier` command that makes the same project.
    """

    target: str
    template: str
    version: str | None
    answers: Answers
    files: tuple[str, ...]
    owned: tuple[str, ...]
    dependencies: tuple[str, ...]
    dev_dependencies: tuple[str, ...]
    command: str

    @classmethod
    def of(
        cls, rendered: Path, source: Source, interview: Interview, given: Answers, target: Path
    ) -> Self:
        """Describe a rendered project.

        Args:
            rendered: The folder that holds it.
            source: The template that it was rendered from.
            interview: The template's questions.
            given: The answers that were given, defaults apart.
            target: The folder where it will land.

        Raises:
            RenderingError: If it has no answers file or no `pyproject.toml`.
        """
        try:
            recorded = yaml.safe_load((rendered / ".copier-answers.yml").read_bytes())
            declared = tomllib.loads((rendered / "pyproject.toml").read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError) as error:
            message = f"{source.url} renders no project that Overture knows: {error}"
            raise RenderingError(message, "Name an Overture template.") from error
        return cls(
            target=str(target),
            template=source.url,
            version=recorded.get("_commit"),
            answers={key: value for key, value in recorded.items() if not key.startswith("_")},
            files=files(rendered),
            owned=interview.owned(files(rendered)),
            dependencies=tuple(declared.get("project", {}).get("dependencies", ())),
            dev_dependencies=tuple(declared.get("dependency-groups", {}).get("dev", ())),
            command=copier_command(source, given, target),
        )

    def data(self) -> dict[str, object]:
        """Return the plan as plain data."""
        return asdict(self)


def files(folder: Path) -> tuple[str, ...]:
    """Return the paths of every file of a project, its history apart."""
    found = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if not path.is_dir())
    return tuple(path.as_posix() for path in found if path.parts[0] != ".git")


def copier_command(source: Source, given: Mapping[str, Value], target: Path) -> str:
    """Return the `copier` command that makes the same project, quoted for a shell."""
    version = ("--vcs-ref", source.ref) if source.ref else ()
    data = [word for key, value in given.items() for word in ("--data", f"{key}={flow(value)}")]
    words = ("copier", "copy", "--defaults", *version, *data, source.url, str(target))
    return shlex.join(words)


def overture_command(given: Mapping[str, Value]) -> str:
    """Return the `overture new` command with given answers, quoted for a shell."""
    written = {
        key: value if isinstance(value, str) else ",".join(value) for key, value in given.items()
    }
    data = [word for key, value in written.items() for word in ("--data", f"{key}={value}")]
    return shlex.join(("overture", "new", *data))


def flow(value: Value) -> str:
    """Return an answer as Copier reads it on its command line."""
    return value if isinstance(value, str) else f"[{', '.join(value)}]"
