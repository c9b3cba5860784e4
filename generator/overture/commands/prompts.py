"""The interview in a terminal: a prompt for each question without an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import questionary
from questionary import Style

from overture.template.questions import Posed, Value

_STYLE = Style([("disabled", "fg:#888888 italic"), ("instruction", "fg:#888888")])


@dataclass
class Prompts:
    """Answers questions by asking the user.

    Attributes:
        given: Answers given in advance; their questions are asked only if the answers are invalid.
        suggested: Defaults that replace the template's.
        chosen: The answers that differ from the defaults, and the given ones.
    """

    given: Mapping[str, object]
    suggested: Mapping[str, str]
    chosen: dict[str, object] = field(default_factory=dict)
    _heading: str = ""

    def __call__(self, posed: Posed) -> object:
        """Answer one question: with the given answer if it is valid, otherwise by asking.

        Raises:
            KeyboardInterrupt: If the user stops the interview.
        """
        self._head("Components" if posed.question.is_family else "Project")
        if posed.key in self.given:
            value, wrong = posed.parsed(self.given[posed.key])
            messages = wrong or posed.refusals(value)
            if not messages:
                self.chosen[posed.key] = value
                return value
            for message in messages:
                questionary.print(f"  {message}", style="fg:ansired")
        answer = _asked(posed, self.suggested.get(posed.key))
        if answer != posed.default():
            self.chosen[posed.key] = answer
        return answer

    def _head(self, heading: str) -> None:
        if heading != self._heading:
            questionary.print(f"\n{heading}", style="bold")
            self._heading = heading


def confirmed(question: str) -> bool:
    """Ask for confirmation.

    Raises:
        KeyboardInterrupt: If the user stops.
    """
    return bool(questionary.confirm(question, default=True).unsafe_ask())


def chosen(question: str, choices: Mapping[str, str]) -> str:
    """Ask for one of several choices, each an id with its title.

    Raises:
        KeyboardInterrupt: If the user stops.
    """
    offered = [questionary.Choice(title, id_) for id_, title in choices.items()]
    return str(questionary.select(question, offered, style=_STYLE).unsafe_ask())


def _asked(posed: Posed, suggested: str | None) -> Value:
    if not posed.choices:
        return _text(posed, suggested)
    if not posed.question.multiple:
        return _one(posed)
    possible = [choice.id for choice in posed.choices if not choice.refusal]
    if len(posed.choices) == 1 and possible and posed.refusals([]):
        questionary.print(f"  {posed.question.help}: {posed.choices[0].title} (the only one)")
        return possible
    return _several(posed)


def _text(posed: Posed, suggested: str | None) -> str:
    def valid(text: str) -> bool | str:
        value, wrong = posed.parsed(text)
        return " ".join(wrong or posed.refusals(value)) or True

    default = posed.default()
    if suggested is not None and valid(suggested) is True:
        default = suggested
    prompt = questionary.text(posed.question.help, default=str(default), validate=valid)
    return str(prompt.unsafe_ask())


def _one(posed: Posed) -> str:
    choices = [
        questionary.Choice(choice.title, choice.id, disabled=choice.refusal or None)
        for choice in posed.choices
    ]
    default = next(choice for choice in choices if choice.value == posed.default())
    prompt = questionary.select(posed.question.help, choices, default=default, style=_STYLE)
    return str(prompt.unsafe_ask())


def _several(posed: Posed) -> list[str]:
    def valid(ids: list[str]) -> bool | str:
        return " ".join(posed.refusals(posed.parsed(ids)[0])) or True

    default = posed.default()
    choices = [
        questionary.Choice(
            choice.title,
            choice.id,
            disabled=choice.refusal or None,
            checked=choice.id in default and not choice.refusal,
        )
        for choice in posed.choices
    ]
    if all(choice.disabled for choice in choices):
        questionary.print(f"  {posed.question.help}: nothing can be chosen")
        for choice in choices:
            questionary.print(f"  - {choice.title} ({choice.disabled})")
        return []
    prompt = questionary.checkbox(posed.question.help, choices, validate=valid, style=_STYLE)
    return [str(id_) for id_ in prompt.unsafe_ask()]
