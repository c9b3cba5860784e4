"""Given answers: from a preset, a file and the command line, each overriding the one before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from overture.errors import AnswersError, UnknownPresetError, UnknownQuestionError
from overture.template.interview import Interview
from overture.template.reading import is_inside
from overture.template.spelling import nearest, suggestion


@dataclass(frozen=True)
class Preset:
    """A named selection of the template: a plain answers file.

    Attributes:
        name: The file's name, without its suffix.
        summary: The comment on its first line.
        answers: Its answers.
    """

    name: str
    summary: str
    answers: Mapping[str, object]


def presets(root: Path) -> tuple[Preset, ...]:
    """Return the presets of a template, by name."""
    return tuple(
        Preset(file.stem, _comment(file), read_answers(file))
        for file in sorted((root / "presets").glob("*.yml"))
        if is_inside(file, root)
    )


def preset(root: Path, name: str) -> Preset:
    """Return the preset with a name.

    Raises:
        UnknownPresetError: If there is none.
    """
    found = {item.name: item for item in presets(root)}
    if name not in found:
        message = f"There is no preset {name!r}; there are {', '.join(found) or 'none'}."
        raise UnknownPresetError(message, suggestion(name, found))
    return found[name]


def read_answers(path: Path) -> Mapping[str, object]:
    """Return the answers of a file, without Copier's own keys.

    Raises:
        AnswersError: If the file cannot be read, or is not a mapping with text keys.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        message = f"The answers file {path} cannot be read: {' '.join(str(error).split())}"
        raise AnswersError(message, "An answers file is YAML, one `key: value` a line.") from error
    if content is None:
        return {}
    if not isinstance(content, Mapping) or not all(isinstance(key, str) for key in content):
        message = f"The answers file {path} is not a mapping of keys to answers."
        raise AnswersError(message, "An answers file is YAML, one `key: value` a line.")
    return {key: value for key, value in content.items() if not key.startswith("_")}


def parse_pairs(pairs: Sequence[str]) -> Mapping[str, object]:
    """Return the answers of `key=value` arguments.

    Raises:
        AnswersError: If an argument has no equals sign, or no key before it.
    """
    parsed: dict[str, object] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            message = f"{pair!r} is not KEY=VALUE."
            raise AnswersError(message, "Write, for example, models=sklearn.")
        parsed[key.strip()] = value
    return parsed


def check_keys(keys: Iterable[str], interview: Interview) -> None:
    """Refuse keys that name no question.

    Raises:
        UnknownQuestionError: If there is such a key; it names the closest valid one.
    """
    valid = [question.key for question in interview.asked]
    unknown = [key for key in keys if key not in valid]
    if unknown:
        near = {key: nearest(key, valid) for key in unknown}
        names = [f"{key} (did you mean {name}?)" if name else key for key, name in near.items()]
        message = f"There is no question {', '.join(names)}."
        raise UnknownQuestionError(message, f"The questions are {', '.join(valid)}.")


def _comment(file: Path) -> str:
    first = file.read_text(encoding="utf-8").partition("\n")[0]
    return first.lstrip("# ").strip() if first.startswith("#") else ""
