"""Jinja as Copier sets it up, with every template compiled once."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError, Undefined
from jinja2.sandbox import SandboxedEnvironment

from .errors import InterviewError

_UNDEFINED = {"jinja2.Undefined": Undefined, "jinja2.StrictUndefined": StrictUndefined}
_EXTENSIONS = ["jinja2_ansible_filters.AnsibleCoreFiltersExtension"]


class Renderer:
    """Renders the templates that a template's `copier.yml` holds."""

    def __init__(self, root: Path, options: Mapping[str, object]) -> None:
        undefined = _UNDEFINED.get(str(options.get("undefined")), Undefined)
        self._environment = SandboxedEnvironment(
            loader=FileSystemLoader(root),
            extensions=_EXTENSIONS,
            undefined=undefined,
            keep_trailing_newline=bool(options.get("keep_trailing_newline", True)),
            trim_blocks=bool(options.get("trim_blocks", False)),
            lstrip_blocks=bool(options.get("lstrip_blocks", False)),
        )
        self._compiled: dict[str, Template] = {}

    def text(self, source: str, context: Mapping[str, object]) -> str:
        """Return a template's text in a context.

        Raises:
            InterviewError: If Jinja refuses the template.
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
        """Return plain data in which every text is rendered."""
        if isinstance(source, str):
            return self.text(source, context)
        if isinstance(source, list):
            return [self.value(item, context) for item in source]
        return source
