"""Model artifacts: folders with a manifest and the framework's own files."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Literal

from pydantic import ValidationError, field_validator

from ..concealing import refer
from ..errors import ArtifactError
from ..files import sha256
from ..formats import Document, copied
from ..strategy import kinds_of, members
from ..tasks.base import Problem
from . import AnyModel
from .base import Predictor
from .rows import Rows

MANIFEST = "manifest.json"


class Manifest(Document):
    """The file `manifest.json` of a model folder.

    Its format must also be raised when the configuration of a model changes, for example when a
    parameter is renamed.

    Attributes:
        format: The number of its format, and of the layout of the folder.
        model: The configuration that was fitted; a text from the environment is its reference.
        problem: The target, and the features that it is predicted from.
        libraries: The version of each library that it was written with.
        files: The SHA-256 of each other file in the folder.
    """

    FILE: ClassVar[str] = MANIFEST

    format: Literal[1] = 1
    model: AnyModel
    problem: Problem
    libraries: dict[str, str]
    files: dict[str, str]

    @field_validator("model", mode="before")
    @classmethod
    def _has_framework(cls, model: Any) -> Any:
        """Reject a kind of model that this project does not have."""
        kind = model.get("kind") if isinstance(model, dict) else None
        known = {each for member in members(AnyModel) for each in kinds_of(member)}
        if isinstance(kind, str) and kind not in known:
            raise ValueError(
                f"it was saved by a model of kind '{kind}', which this project does not have:"
                f" overture add {kind}, or name its class in models/custom.py"
            )
        return model


class Categories(Document):
    """The file `categories.json` of a model folder.

    Attributes:
        format: The number of its format.
        categories: The distinct values of each categorical feature in the training rows, sorted.
    """

    FILE: ClassVar[str] = "categories.json"

    format: Literal[1] = 1
    categories: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Artifact:
    """A saved model that was loaded.

    Attributes:
        manifest: Its manifest.
        predictor: The fitted model.
        categories: The values of each categorical feature in the training rows, if they are known.
    """

    manifest: Manifest
    predictor: Predictor
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def save(folder: Path, model: AnyModel, predictor: Predictor, rows: Rows | None = None) -> Artifact:
    """Save a fitted model to a new folder, and load it to verify that.

    Args:
        folder: The folder; it must not exist yet.
        model: The configuration that was fitted.
        predictor: The fitted model.
        rows: The training rows, to save their categories too.

    Raises:
        ArtifactError: If the model cannot be written in a format that runs no code.
    """
    folder.mkdir()
    predictor.save(folder)
    if rows and (categories := rows.categories()):
        Categories(categories=categories).save(folder)
    manifest = Manifest(
        model=_concealed(model),
        problem=predictor.problem,
        libraries=model.versions(),
        files={path.name: sha256(path) for path in sorted(folder.iterdir())},
    )
    manifest.save(folder)
    return load(folder)


def _concealed(model: AnyModel) -> AnyModel:
    """Return a configuration with references in place of values from the environment.

    A key whose allowed values are known, such as `kind`, keeps its value.
    """
    hidden = model
    for key, value in model.model_dump(mode="json").items():
        if (reference := refer(value)) != value:
            with suppress(ValidationError):
                values = {**hidden.model_dump(mode="json"), key: reference}
                hidden = type(model).model_validate(values)
    return hidden


def fingerprint(folder: Path) -> str:
    """Return the fingerprint of a saved model: the SHA-256 of its manifest.

    Raises:
        ArtifactError: If there is no model.
    """
    try:
        return sha256(folder / MANIFEST)
    except OSError as error:
        raise ArtifactError(f"{folder}: there is no model here; train one first") from error


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a model folder.

    Raises:
        ArtifactError: If there is no model, or its manifest is invalid or of a newer format.
    """
    path = folder / MANIFEST
    if path.is_symlink() or not path.is_file():
        raise ArtifactError(f"{folder}: there is no model here; train one first")
    return Manifest.load(folder)


def load(folder: Path) -> Artifact:
    """Load a model folder, after verifying every file against its manifest.

    Each file is read once: a copy is verified and loaded. Files that the manifest does not name,
    such as those that a registry adds, are not read. This finds damage, not forgery: whoever can
    change a file can also change the manifest.

    Raises:
        ArtifactError: If a file is missing or changed, or does not match the manifest.
    """
    manifest = read_manifest(folder)
    with TemporaryDirectory(prefix="model-") as checked:
        for name, expected in manifest.files.items():
            if Path(name).name != name or name == MANIFEST:
                message = f"{folder / MANIFEST}: it names a file outside its folder: {name}"
                raise ArtifactError(message)
            if copied(folder / name, Path(checked, name)) != expected:
                raise ArtifactError(
                    f"{folder / name}: it was changed since the model was saved (its SHA-256 is"
                    " not the manifest's): restore it, or train the model again"
                )
        try:
            return _restored(Path(checked), manifest)
        except (ArtifactError, OSError) as error:
            unnamed = {path.name for path in folder.iterdir()} - {MANIFEST, *manifest.files}
            hint = f" (its manifest does not name {', '.join(sorted(unnamed))})" if unnamed else ""
            message = str(error).replace(checked, str(folder))
            raise ArtifactError(f"{message}{hint}") from error


def _restored(folder: Path, manifest: Manifest) -> Artifact:
    """Load the model of a folder that holds the files of its manifest, and no others."""
    known = Categories.FILE in manifest.files
    categories = Categories.load(folder).categories if known else {}
    return Artifact(manifest, manifest.model.load(folder, manifest.problem), categories)
