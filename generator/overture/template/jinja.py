"""Jinja as Copier configures it, with every template compiled once."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import CodeType

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    Undefined,
)
from jinja2.sandbox import SandboxedEnvironment
from jinja2_ansible_filters import AnsibleCoreFiltersExtension

from overture.errors import InterviewError

_UNDEFINED = {"jinja2.Undefined": Undefined, "jinja2.StrictUndefined": StrictUndefined}
_MACHINE = ("expanduser", "expandvars", "fileglob", "realpath")  # filters that read the machine
_compiled: dict[tuple[object, ...], CodeType] = {}


@contextmanager
def without_machine() -> Iterator[None]:
    """Leave out the filters with which a template could read variables, folders or links."""
    start = AnsibleCoreFiltersExtension.__init__

    def start_without(extension: AnsibleCoreFiltersExtension, environment: Environment) -> None:
        start(extension, environment)
        for name in _MACHINE:
            environment.filters.pop(name, None)

    AnsibleCoreFiltersExtension.__init__ = start_without
    try:
        yield
    finally:
        AnsibleCoreFiltersExtension.__init__ = start


@contextmanager
def compiled_once() -> Iterator[None]:
    """Compile each text once per process, for all Jinja environments of the same configuration.

    Copier makes an environment for each rendering, and compiles the same few texts for each file.
    """
    compiled: Callable[..., CodeType] = Environment.compile

    def compile_once(environment: Environment, source: object, *words: object) -> CodeType:
        known = (source, *words, environment.lexer, *sorted(environment.extensions))
        if known not in _compiled:
            _compiled[known] = compiled(environment, source, *words)
        return _compiled[known]

    Environment.compile = compile_once  # type: ignore[assignment]
    try:
        yield
    finally:
        Environment.compile = compiled  # type: ignore[assignment]


class Renderer:
    """Renders the expressions of a template's `copier.yml`."""

    def __init__(self, root: Path, options: Mapping[str, object]) -> None:
        undefined = _UNDEFINED.get(str(options.get("undefined")), Undefined)
        with without_machine():
            self._environment = SandboxedEnvironment(
                loader=FileSystemLoader(root),
                extensions=[AnsibleCoreFiltersExtension],
                undefined=undefined,
                keep_trailing_newline=bool(options.get("keep_trailing_newline", True)),
                trim_blocks=bool(options.get("trim_blocks", False)),
                lstrip_blocks=bool(options.get("lstrip_blocks", False)),
            )
        self._compiled: dict[str, Template] = {}

    def text(self, source: str, context: Mapping[str, object]) -> str:
        """Render a text in a context.

        Raises:
            InterviewError: If Jinja cannot render it.
        """
        if "{" not in source:
            return source
        try:
            if source not in self._compiled:
                self._compiled[source] = self._environment.from_string(source)
            return self._compiled[source].render(context)
        except (TemplateError, TypeError, ValueError) as error:
            message = f"The template's questions cannot be evaluated: {error}"
            raise InterviewError(message) from error

    def value(self, source: object, context: Mapping[str, object]) -> object:
        """Render every text in plain data."""
        if isinstance(source, str):
            return self.text(source, context)
        if isinstance(source, list):
            return [self.value(item, context) for item in source]
        return source
