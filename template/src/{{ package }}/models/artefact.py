"""Model artefacts: a folder with a manifest, and the framework's own files beside it."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from ..errors import ArtefactError
from ..files import sha256
from ..tasks.base import Problem
from . import AnyModel
from .base import Predictor

MANIFEST = "manifest.json"


class Manifest(BaseModel):
    """What a model folder holds.

    Attributes:
        version: The version of this layout.
        model: The configuration that was fitted.
        problem: What it predicts from what.
        libraries: The version of each library that it was written with.
        files: The SHA-256 of each other file in the folder.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    model: AnyModel
    problem: Problem
    libraries: dict[str, str]
    files: dict[str, str]


@dataclass(frozen=True)
class Artefact:
    """A model that was read back.

    Attributes:
        manifest: What its folder said of it.
        predictor: The fitted model.
    """

    manifest: Manifest
    predictor: Predictor


def save(folder: Path, model: AnyModel, predictor: Predictor) -> None:
    """Write a fitted model into a new folder, and make sure that it can be read back.

    Args:
        folder: Where; it must not exist yet.
        model: The configuration that was fitted.
        predictor: What came of it.

    Raises:
        ArtefactError: If the model cannot be written in a format that runs no code.
    """
    folder.mkdir()
    predictor.save(folder)
    manifest = Manifest(
        model=model,
        problem=predictor.problem,
        libraries={name: version(name) for name in model.libraries},
        files={path.name: sha256(path) for path in sorted(folder.iterdir())},
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    load(folder)


def load(folder: Path) -> Artefact:
    """Read a model folder, after checking every file against its manifest.

    Raises:
        ArtefactError: If a file is missing or changed, or is not what the manifest says.
    """
    path = folder / MANIFEST
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise ArtefactError(f"{folder}: no model lies here; train one first") from error
    except (ValidationError, OSError) as error:
        raise ArtefactError(f"{path}: not a manifest of this project: {error}") from error
    for name, expected in manifest.files.items():
        if Path(name).name != name:
            raise ArtefactError(f"{path}: it names a file outside its folder: {name}")
        try:
            actual = sha256(folder / name)
        except OSError as error:
            raise ArtefactError(f"{folder / name}: missing; train the model again") from error
        if actual != expected:
            raise ArtefactError(
                f"{folder / name}: it was changed since the model was saved (its SHA-256 is not"
                " the manifest's): restore it, or train the model again"
            )
    return Artefact(manifest, manifest.model.restore(folder, manifest.problem))
