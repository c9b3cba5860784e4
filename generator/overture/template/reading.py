"""YAML files of a template, read as Copier reads them."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from overture.errors import InterviewError

# Both construct plain data only; the first, in C, is part of PyYAML's wheels.
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> object:
    """Return the content of a YAML file as plain data.

    Raises:
        InterviewError: If the file cannot be read or is not YAML.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        message = f"{path} cannot be read as YAML: {_first_line(error)}"
        raise InterviewError(message) from error


def read_interview(root: Path) -> Mapping[str, object]:
    """Return `copier.yml` as plain data, with its `!include` patterns resolved.

    Included files are sorted, so that the order does not depend on the file system.

    Raises:
        InterviewError: If there is no such file, or it is not a mapping.
    """
    path = root / "copier.yml"

    class Loader(LOADER):  # type: ignore[valid-type, misc]
        """A loader of this file only, so that the tag is known nowhere else."""

    def include(loader: yaml.SafeLoader, node: yaml.Node) -> list[object]:
        pattern = str(loader.construct_scalar(node)) if isinstance(node, yaml.ScalarNode) else ""
        found: list[object] = []
        if Path(pattern).is_absolute():
            raise InterviewError(f"{path}: !include {pattern} leaves the template")
        for file in sorted(root.glob(pattern)):
            if not is_inside(file, root):
                raise InterviewError(f"{path}: !include {pattern} leaves the template")
            content = read_yaml(file)
            found.extend(content if isinstance(content, list) else [content])
        return found

    Loader.add_constructor("!include", include)
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)  # noqa: S506
    except (OSError, UnicodeDecodeError, ValueError, yaml.YAMLError) as error:
        message = f"{path} cannot be read as an interview: {_first_line(error)}"
        raise InterviewError(message) from error
    if not isinstance(content, Mapping):
        message = f"{path} must be a mapping of questions"
        raise InterviewError(message)
    return content


def is_inside(file: Path, root: Path) -> bool:
    """Tell whether a file is in a folder, its links followed."""
    return file.resolve().is_relative_to(root.resolve())


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
