"""The questions of an interview, and the choices of each in a context."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import yaml

from overture.errors import InterviewError
from overture.template.jinja import Renderer
from overture.template.reading import LOADER
from overture.template.spelling import suggestion

Value: TypeAlias = str | list[str]
Context: TypeAlias = dict[str, object]


@dataclass(frozen=True)
class Choice:
    """One choice of a question: its id, its title, and the reason if it is disabled."""

    id: str
    title: str
    refusal: str = ""


@dataclass(frozen=True)
class Question:
    """One question of `copier.yml`, unevaluated.

    Attributes:
        key: The key of its answer.
        help: What it asks, a template.
        default: The default answer, a template or plain data.
        choices: The choices, a template or plain data; none for free text.
        multiple: Whether the answer is a list.
        when: Whether it is asked, a template or a boolean.
        validator: A template that renders the reason why an answer is invalid.
    """

    key: str
    help: str = ""
    default: object = ""
    choices: object = None
    multiple: bool = False
    when: object = True
    validator: str = ""

    @property
    def is_computed(self) -> bool:
        """Whether it is never asked, but computed for other questions and the template."""
        return self.when is False

    @property
    def is_family(self) -> bool:
        """Whether it selects components: its choices come from the catalogue."""
        return isinstance(self.choices, str)

    def stated(self, given: object) -> object:
        """Return a given answer as a list of ids, if the question takes one and it parses."""
        if not self.multiple:
            return given
        items, wrong = _listed(self.key, given)
        return given if wrong else items


@dataclass(frozen=True)
class Posed:
    """A question in a context: its choices there, and how it parses and validates an answer."""

    question: Question
    choices: tuple[Choice, ...]
    renderer: Renderer
    context: Mapping[str, object]

    @property
    def key(self) -> str:
        """The key of the answer."""
        return self.question.key

    @property
    def is_offered(self) -> bool:
        """Whether the question is asked in this context."""
        return _truth(self.renderer.value(self.question.when, self.context))

    def stated_default(self) -> object:
        """Return the unparsed default, which may be no valid answer."""
        return self.renderer.value(self.question.default, self.context)

    def default(self) -> Value:
        """Return the default answer."""
        return self.parsed(self.stated_default())[0]

    def parsed(self, given: object) -> tuple[Value, tuple[str, ...]]:
        """Return a given answer parsed, and the messages about what cannot be parsed.

        The first of several choices stays first, because configurations start from it; the others
        are put in the catalogue's order, so that the order of later additions does not matter.
        """
        if not self.question.multiple:
            text, wrong = self._scalar(given)
            return text, wrong
        items, wrong = _listed(self.key, given)
        known = {choice.id for choice in self.choices}
        for item in items:
            if item not in known:
                wrong = (*wrong, self._unknown(item))
        chosen = [choice.id for choice in self.choices if choice.id in items]
        return sorted(chosen, key=lambda id_: id_ != items[0]), wrong

    def refusals(self, value: Value) -> tuple[str, ...]:
        """Return the reasons why a parsed answer is invalid."""
        chosen = value if isinstance(value, list) else [value]
        disabled = [choice.refusal for choice in self.choices if choice.id in chosen]
        context = {**self.context, self.key: value}
        invalid = self.renderer.text(self.question.validator, context)
        lines = [line.strip() for text in (*disabled, invalid) for line in text.splitlines()]
        return tuple(dict.fromkeys(line for line in lines if line))

    def _scalar(self, given: object) -> tuple[str, tuple[str, ...]]:
        if isinstance(given, bool) or not isinstance(given, (str, int, float)):
            return "", (f"{self.key} is a text, not {_kind(given)}.",)
        text = str(given)
        if not _is_unicode(text):
            return "", (f"{self.key} is not valid Unicode text.",)
        if self.choices and text not in {choice.id for choice in self.choices}:
            return "", (self._unknown(text),)
        return text, ()

    def _unknown(self, name: str) -> str:
        allowed = [choice.id for choice in self.choices]
        if not allowed:
            return f"{self.key} has no choices yet, so {name!r} cannot be chosen. Leave it out."
        sentence = f"{self.key} has no choice {name!r}; it is one of {', '.join(allowed)}."
        return f"{sentence} {suggestion(name, allowed)}".strip()


def pose(question: Question, renderer: Renderer, context: Context) -> Posed:
    """Return a question with its choices in a context.

    Raises:
        InterviewError: If the choices are not in Copier's format.
    """
    raw = question.choices
    if isinstance(raw, str):
        raw = plain(renderer.text(raw, context))
    pairs = list(raw.items()) if isinstance(raw, Mapping) else raw or []
    if not isinstance(pairs, list):
        raise InterviewError(f"The choices of {question.key} are neither a list nor a mapping.")
    choices = tuple(_choice(question.key, pair, renderer, context) for pair in pairs)
    text = renderer.text(question.help, context).strip()
    return Posed(replace(question, help=text), choices, renderer, dict(context))


def _choice(key: str, raw: object, renderer: Renderer, context: Context) -> Choice:
    title, value = raw if isinstance(raw, (list, tuple)) and len(raw) == 2 else (raw, raw)  # noqa: PLR2004
    refusal = ""
    if isinstance(value, Mapping):
        if "value" not in value:
            raise InterviewError(f"A choice of {key} has no value.")
        refusal = renderer.text(str(value.get("validator", "")), context).strip()
        value = value["value"]
    return Choice(renderer.text(str(value), context), renderer.text(str(title), context), refusal)


def _listed(key: str, given: object) -> tuple[list[str], tuple[str, ...]]:
    """Parse a given list of ids: a list, `a`, `a,b` or `[a, b]`."""
    if isinstance(given, str):
        text = given.strip()
        if text.startswith("["):
            try:
                given = yaml.safe_load(text)
            except (ValueError, yaml.YAMLError):
                return [], (f"{key} is a list such as [a, b] or a,b, not {given!r}.",)
        else:
            given = [part.strip() for part in text.split(",") if part.strip()]
    if not isinstance(given, (list, tuple)):
        return [], (f"{key} is a list of ids, not {_kind(given)}.",)
    wrong = [item for item in given if not isinstance(item, str)]
    if wrong:
        return [], (f"{key} is a list of ids, and {wrong[0]!r} is {_kind(wrong[0])}.",)
    return list(given), ()


def _kind(given: object) -> str:
    names = {"dict": "a mapping", "list": "a list", "bool": "a boolean", "NoneType": "nothing"}
    return names.get(type(given).__name__, f"a {type(given).__name__}")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _truth(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in {"y", "yes", "t", "true", "on", "1"}
    return bool(value)


def plain(text: str) -> object:
    """Parse a rendered text as plain data.

    Raises:
        InterviewError: If it is not YAML.
    """
    try:
        content: object = yaml.load(text, Loader=LOADER)  # noqa: S506
    except (ValueError, yaml.YAMLError) as error:
        raise InterviewError(f"A question renders to invalid YAML: {text!r}") from error
    return content
