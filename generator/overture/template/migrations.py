"""Migrations: what a version of the template moved or renamed, so that edits can follow."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from packaging.version import InvalidVersion, Version
from pydantic import Field, RootModel, ValidationError, field_validator

from overture.errors import CatalogueError
from overture.template.entries import Identifier, Pattern, Stated
from overture.template.interview import Interview
from overture.template.reading import read_yaml

FILE = "migrations.yml"
# A commit that no tag comes before; some, like 91a0518, would pass for a version.
_COMMIT = re.compile(r"[0-9a-f]{7,40}")


class Migration(Stated):
    """What one version moved or renamed.

    Attributes:
        version: The version.
        moved: The new path of files, by their old one; both may contain Jinja expressions.
        components: The new id of components, by their old one.
        questions: The new key of questions, by their old one.
    """

    version: str
    moved: dict[Pattern, Pattern] = Field(default_factory=dict)
    components: dict[Identifier, Identifier] = Field(default_factory=dict)
    questions: dict[Identifier, Identifier] = Field(default_factory=dict)

    @field_validator("version")
    @classmethod
    def _is_a_version(cls, text: str) -> str:
        Version(text)
        return text


class Migrations(RootModel[tuple[Migration, ...]]):
    """Every migration of a template, the oldest first."""

    @classmethod
    def load(cls, root: Path) -> "Migrations":
        """Read the migrations of a template; one without such a file has none.

        Raises:
            CatalogueError: If the file breaks a rule.
        """
        path = root / FILE
        if not path.is_file():
            return cls(())
        try:
            found = cls.model_validate(read_yaml(path) or ())
        except ValidationError as error:
            lines = [
                f"{FILE}: {'.'.join(map(str, item['loc']))}: {item['msg']}"
                for item in error.errors()
            ]
            raise CatalogueError("\n".join(lines)) from error
        return cls(tuple(sorted(found.root, key=lambda item: Version(item.version))))

    def after(self, old: str) -> "Migrations":
        """Return the migrations of versions after one."""
        return Migrations(tuple(item for item in self.root if Version(item.version) > version(old)))

    def answers(self, answers: Mapping[str, object]) -> dict[str, object]:
        """Return answers with their current keys and ids."""
        found = dict(answers)
        for item in self.root:
            found = {
                item.questions.get(key, key): _renamed(value, item.components)
                for key, value in found.items()
            }
        return found

    def moved(self, interview: Interview, answers: Mapping[str, object]) -> dict[str, str]:
        """Return the current path of files, by their oldest one."""
        context = interview.context(answers)
        paths: dict[str, str] = {}
        for item in self.root:
            for pair in item.moved.items():
                old, new = (interview.renderer.text(path, context) for path in pair)
                earlier = [key for key, value in paths.items() if value == old]
                paths |= dict.fromkeys(earlier or [old], new)
        return paths


def version(label: str) -> Version:
    """Return the version of a tag, or of a commit described by its newest tag.

    A commit that no tag comes before is older than every version.
    """
    for text in (label, label.rpartition("-")[0].rpartition("-")[0]):
        if _COMMIT.fullmatch(text):
            continue
        try:
            return Version(text)
        except InvalidVersion:
            continue
    return Version("0")


def is_release(label: str) -> bool:
    """Tell whether a label is a released version, not a commit after one."""
    try:
        Version(label)
    except InvalidVersion:
        return False
    return not _COMMIT.fullmatch(label)


def _renamed(value: object, names: Mapping[str, str]) -> object:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [names.get(item, item) for item in value]
    return names.get(value, value) if isinstance(value, str) else value
