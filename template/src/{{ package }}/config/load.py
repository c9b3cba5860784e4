"""Loading of configurations: files are merged from left to right, overridden, then resolved."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import MissingMandatoryValue, OmegaConfBaseException

from ..errors import ConfigurationError
from ..location import location
from .environment import ENVIRONMENT
from .merging import combine, merge

Values = dict[str, Any]
COMMAND_LINE = "the command line"
PIPELINE = "pipeline"
MARK = re.compile(r"[^\w\s~]")  # such as a delimiter; ~ is YAML's null
LATER = ("steps", "settings")  # keys of a pipeline, resolved when each step is loaded


@dataclass(frozen=True)
class Configuration:
    """A configuration that was merged from files and overrides.

    Attributes:
        values: The resolved values, nested.
        stated: The values before `${…}` is resolved, thus without secrets of the environment.
        origins: The file (or the command line) that last set a dotted key.
        sources: The files, in order.
    """

    values: Values
    stated: Values
    origins: Mapping[str, str]
    sources: tuple[str, ...]

    def origin(self, key: str) -> str:
        """Return where a dotted key or its closest parent was set; else all files."""
        while key:
            if key in self.origins:
                return self.origins[key]
            key = key.rpartition(".")[0]
        return " + ".join(self.sources)

    def as_stated(self, key: str) -> Any:
        """Return the value of a dotted key before resolution."""
        value: Any = self.stated
        for part in key.split("."):
            value = value[int(part)] if isinstance(value, list) else value[part]
        return value


def load(
    files: Sequence[str],
    overrides: Sequence[str] = (),
    fill: Callable[[Values], Values] = lambda stated: stated,
    origin: str = COMMAND_LINE,
) -> Configuration:
    """Load files and overrides into one configuration.

    Later files override earlier ones; see `merge`. Settings do so in any order: those that empty a
    mapping, `key={}`, come first. `${oc.env:NAME}` reads an environment variable.

    Args:
        files: The locations of YAML files.
        overrides: Settings such as `model.parameters.max_iter=50`, with values in YAML.
        fill: Transforms the values before they are resolved.
        origin: The name of the overrides in messages.

    Raises:
        ConfigurationError: If a file is missing or not a YAML mapping, an override is not a
            setting, or a value cannot be resolved; it names the file and the key.
    """
    parts = [(file, _read(file)) for file in files]
    emptied = [each for each in overrides if each.partition("=")[2].strip() == "{}"]
    for some in (emptied, [each for each in overrides if each not in emptied]):
        parts += [(origin, combine(_parse(each, origin) for each in some))] if some else []
    merged: Values = {}
    origins: dict[str, str] = {}
    for source, part in parts:
        merged = _merged(merged, part, source)
        origins |= dict.fromkeys(_keys(part), source)
    stated = fill(merged)
    later = {key: stated[key] for key in LATER if key in stated and stated.get("kind") == PIPELINE}
    now = OmegaConf.create({key: value for key, value in stated.items() if key not in later})
    unresolved = Configuration({}, stated, origins, tuple(files))
    return replace(unresolved, values=_resolve(now, unresolved) | later)


def _merged(old: Values, new: Values, source: str) -> Values:
    """Return values with those of a source merged over them."""
    try:
        return _named(merge(old, new))
    except ConfigurationError as error:
        raise ConfigurationError(f"{source}: {error}") from error


def _read(file: str) -> Values:
    """Load one file as a mapping."""
    try:
        content = OmegaConf.create(location(file).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigurationError(f"{file}: there is no such file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file}: it cannot be read as UTF-8 text: {error}") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ConfigurationError(f"{file}{where}: this is not YAML: {error.problem}") from error
    except (yaml.YAMLError, OmegaConfBaseException) as error:
        reason = f"this is not a configuration: {_first_line(error)}"
        raise ConfigurationError(f"{file}: {_key_of(error)}{reason}") from error
    if not isinstance(content, DictConfig) or not content:
        raise ConfigurationError(f"{file}: it must hold a mapping, such as 'seed: 0'")
    return _named(OmegaConf.to_container(content, resolve=False))


def _parse(override: str, origin: str) -> Values:
    """Parse a setting, `key=value`, as a mapping; a punctuation mark is text, and not YAML's."""
    key, _, value = override.partition("=")
    if not key.strip():
        raise ConfigurationError(f"{origin}: '{override}' is not a setting, key=value")
    if MARK.fullmatch(value):
        override = f"{key}={json.dumps(value)}"
    try:
        return _named(OmegaConf.to_container(OmegaConf.from_dotlist([override]), resolve=False))
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or _first_line(error)
        reason = f"{problem}: put text that is not YAML in quotes"
        raise ConfigurationError(f"{origin}: {key}: this is not YAML: {reason}") from error
    except OmegaConfBaseException as error:
        raise ConfigurationError(f"{origin}: {key}: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    """Return the reason of an error; OmegaConf adds lines about its own objects."""
    return str(getattr(error, "msg", None) or error).partition("\n")[0]


def _key_of(error: Exception) -> str:
    """Return the key that an error of OmegaConf names, if it does, for a message."""
    return f"{key}: " if (key := getattr(error, "full_key", None)) else ""


def _keys(values: Any, prefix: str = "") -> Iterator[str]:
    """Yield every dotted key of nested values."""
    items: Any = values.items() if isinstance(values, dict) else enumerate(values)
    for key, value in items:
        yield f"{prefix}{key}"
        if isinstance(value, dict | list):
            yield from _keys(value, f"{prefix}{key}.")


def _resolve(config: DictConfig, configuration: Configuration) -> Values:
    """Resolve every `${…}`."""
    try:
        return _named(OmegaConf.to_container(config, resolve=True, throw_on_missing=True))
    except MissingMandatoryValue as error:
        key = str(error.full_key)
        raise ConfigurationError(
            f"{configuration.origin(key)}: {key}: it is required (???): set it, as in {key}=…"
        ) from error
    except OmegaConfBaseException as error:
        key, reason = re.sub(r"\[(\d+)\]", r".\1", str(error.full_key)), _first_line(error)
        if unset := re.search(r"Environment variable '([^']+)'", reason):
            name = unset[1]
            reason = f"the environment variable {name} is not set: set it, or give a default, as by"
            reason += f" ${{oc.env:{name},default}}"
        elif ENVIRONMENT in (stated := str(configuration.as_stated(key))):
            reason = f"'{stated}' cannot be resolved"
        elif re.search(r"\bsteps\b", f"{key} {reason}"):
            reason = f"${{steps.…}} is for the steps of a pipeline, whose kind is '{PIPELINE}'"
        raise ConfigurationError(f"{configuration.origin(key)}: {key}: {reason}") from error


def _named(container: Any) -> Values:
    """Return a mapping with string keys."""
    return {str(key): value for key, value in container.items()}
