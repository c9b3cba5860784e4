"""Concealing of values from the environment, which may be secrets.

A value that a configuration reads by `${oc.env:NAME}` is noted. Everything that is printed or
recorded holds the reference in its place. Values of fewer than 4 characters occur everywhere and
are not concealed; those of fewer than 8 are concealed where they are a word of their own.
"""

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from functools import lru_cache
from pathlib import PurePath
from typing import Any, TextIO, TypeVar, cast
from urllib.parse import quote, unquote, urlsplit

from .terminal import escape

T = TypeVar("T")

LEAST, WORD = 4, 8
REFERENCE = re.compile(r"\$\{oc\.env:([^${},]+)\}")

_exact: dict[str, str] = {}  # the references of noted values,
_forms: dict[str, str] = {}  # and of every form in which they may be printed


def note(name: str, value: str) -> None:
    """Note a value of an environment variable, or a part of one."""
    reference = f"${{oc.env:{name}}}"
    for exact in _normal(value):
        _exact.setdefault(exact, reference)
        for form in (exact, *_parts(exact)):
            for text in (form, repr(form)[1:-1], json.dumps(form)[1:-1], quote(form)):
                _forms.setdefault(text, reference)


def conceal(text: str) -> str:
    """Return a text for people, with references in place of noted values in any form."""
    return _replaced(text, _forms)


def refer(value: T) -> T:
    """Return nested values with references, which a configuration resolves, to noted values."""
    found: Any = value
    match value:
        case str():
            found = _replaced(value, _exact)
        case Mapping():
            found = {key: refer(each) for key, each in value.items()}
        case list() | tuple():
            found = type(value)(map(refer, value))
    return cast("T", found)


def resolve(text: str) -> str:
    """Return a text with the values of the environment in place of references."""
    return REFERENCE.sub(lambda found: os.environ.get(found[1], found[0]), text)


@contextmanager
def concealed() -> Iterator[None]:
    """Conceal and escape what is printed meanwhile; values that were noted before are not."""
    before = [(known, dict(known)) for known in (_exact, _forms)]
    for known, _ in before:
        known.clear()
    out, err = (cast("TextIO", _Stream(each)) for each in (sys.stdout, sys.stderr))
    try:
        with redirect_stdout(out), redirect_stderr(err):
            yield
    finally:
        for known, values in before:
            known.clear()
            known.update(values)


def unescaped(stream: TextIO) -> TextIO:
    """Return the stream behind one of `concealed`, for what draws in a terminal."""
    found: Any = stream
    return found.stream if isinstance(found, _Stream) else stream


class _Stream:
    """A text stream that conceals and escapes what is written to another."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        self.stream.write(escape(conceal(text)))
        return len(text)

    def writelines(self, lines: Iterator[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def _normal(value: str) -> Iterator[str]:
    """Yield a value as a configuration may state it, and as the path of a folder."""
    stripped = value.strip().rstrip("/")
    yield from {stripped, str(PurePath(stripped))} if stripped else ()


def _parts(value: str) -> Iterator[str]:
    """Yield what may be printed of a value by itself: a line, and of a URL, server and secrets."""
    yield from value.splitlines()
    with suppress(ValueError):
        parts = urlsplit(value)
        server, password = parts.netloc.rpartition("@")[2], parts.password or ""
        yield from (server, password, unquote(password), parts.query)
        if re.search(r"[a-z].*\.|\..*[a-z]", host := parts.hostname or ""):
            yield host


def _replaced(text: str, references: Mapping[str, str]) -> str:
    """Return a text with the references of noted texts in their place."""
    if not references:
        return text
    pattern = _pattern(tuple(references))
    return pattern.sub(lambda found: references[found[0]], text)


@lru_cache(maxsize=2)
def _pattern(texts: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern of any of these texts; it prefers the longest."""
    known = [text for text in sorted(texts, key=len, reverse=True) if len(text) >= LEAST]
    words = (re.escape(text) if len(text) >= WORD else _word(text) for text in known)
    return re.compile("|".join(words) or r"(?!)")


def _word(text: str) -> str:
    """Return the pattern of a text where it is a word of its own."""
    return rf"(?<!\w){re.escape(text)}(?!\w)"
