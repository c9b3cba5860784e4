"""References to environment variables in configurations, whose values are concealed."""

import os
from collections.abc import Iterator
from contextlib import suppress
from inspect import signature
from typing import Any

import yaml
from omegaconf import OmegaConf
from omegaconf.resolvers import oc

from ..concealing import note

ENVIRONMENT = "${oc.env:"


def _value(name: Any, *default: Any) -> Any:
    """Return the value of `${oc.env:NAME}`, after noting it."""
    if (value := os.environ.get(name)) is None:
        return oc.env(name, *default)
    for text in (value, *_texts(value)):
        note(name, text)
    return value


def _texts(value: str) -> Iterator[str]:
    """Yield the texts that `oc.decode` may read from a value."""
    with suppress(yaml.YAMLError, ValueError):
        pending = [yaml.safe_load(value)]
        while pending:
            match pending.pop():
                case dict() as inner:
                    pending += inner.values()
                case list() as inner:
                    pending += inner
                case str() as text:
                    yield text


# Before OmegaConf 2.4, the function of this name is an older one.
_is_new = "replace" in signature(OmegaConf.register_resolver).parameters
_register = OmegaConf.register_resolver if _is_new else OmegaConf.register_new_resolver
_register("oc.env", _value, replace=True)
