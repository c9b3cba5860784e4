"""Loading of configurations: files are merged from left to right, overridden, then resolved."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import yaml
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import MissingMandatoryValue, OmegaConfBaseException

from ..errors import ConfigurationError
from ..location import location
from .merging import conflicting, replaced

Values = dict[str, Any]
COMMAND_LINE = "the command line"
PIPELINE = "pipeline"
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

    Later files override earlier ones, key by key; lists are replaced, and so are some mappings; see
    `replaced`. `${oc.env:NAME}` reads an environment variable.

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
    parts += [(origin, _parse(some, origin)) for some in (emptied, overrides) if some]
    merged = OmegaConf.create({})
    origins: dict[str, str] = {}
    for source, part in parts:
        stated = _container(part)
        for key in list(replaced(_container(merged), stated)):
            OmegaConf.update(merged, key, {}, merge=False)
        for key in conflicting(_container(merged), stated):
            raise ConfigurationError(
                f"{source}: {key}: it is a list in one file and a mapping in another: set it"
                f" as a whole, as in {key}=[…]"
            )
        try:
            merged = cast("DictConfig", OmegaConf.merge(merged, part))
        except OmegaConfBaseException as error:
            raise ConfigurationError(f"{source}: {error.msg or error}") from error
        origins |= dict.fromkeys(_keys(stated), source)
    stated = fill(_container(merged))
    later = {key: stated[key] for key in LATER if key in stated and stated.get("kind") == PIPELINE}
    now = OmegaConf.create({key: value for key, value in stated.items() if key not in later})
    unresolved = Configuration({}, stated, origins, tuple(files))
    return replace(unresolved, values=_resolve(now, unresolved) | later)


def _read(file: str) -> DictConfig:
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
        raise ConfigurationError(f"{file}: this is not a configuration: {error}") from error
    if not isinstance(content, DictConfig) or not content:
        raise ConfigurationError(f"{file}: it must hold a mapping, such as 'seed: 0'")
    return content


def _parse(overrides: Sequence[str], origin: str) -> DictConfig:
    """Parse `key=value` settings as a mapping."""
    for override in overrides:
        if not override.partition("=")[0].strip():
            raise ConfigurationError(f"{origin}: '{override}' is not a setting, key=value")
    try:
        return OmegaConf.from_dotlist(list(overrides))
    except (yaml.YAMLError, OmegaConfBaseException) as error:
        raise ConfigurationError(f"{origin}: {error}") from error


def _container(config: DictConfig) -> Values:
    """Return a mapping as plain values, with `${…}` unresolved."""
    return _named(OmegaConf.to_container(config, resolve=False))


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
        key, reason = str(error.full_key), str(error.msg).partition("\n")[0]
        if unset := re.search(r"Environment variable '([^']+)'", reason):
            name = unset[1]
            reason = f"the environment variable {name} is not set: set it, or give a default, as by"
            reason += f" ${{oc.env:{name},default}}"
        elif re.search(r"\bsteps\b", f"{key} {reason}"):
            reason = f"${{steps.…}} is for the steps of a pipeline, whose kind is '{PIPELINE}'"
        raise ConfigurationError(f"{configuration.origin(key)}: {key}: {reason}") from error


def _named(container: Any) -> Values:
    """Return a mapping with string keys."""
    return {str(key): value for key, value in container.items()}
