"""Prompts in a terminal: a text, one or several choices, a confirmation."""

import shutil
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import questionary
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from questionary import Question, Style

from overture.template.questions import Choice

_STYLE = Style([("disabled", "fg:#888888 italic"), ("instruction", "fg:#888888")])
_BACK = "c-b"


class BackError(Exception):
    """The user goes back to the previous question."""


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


def text(question: str, default: str) -> str:
    """Ask for a text.

    Raises:
        BackError: If the user goes back.
        KeyboardInterrupt: If the user stops.
    """
    bindings = KeyBindings()
    bindings.add(_BACK, eager=True)(_go_back)
    prompt = questionary.text(question, default, key_bindings=bindings, erase_when_done=True)
    return str(prompt.unsafe_ask())


def one(question: str, choices: Sequence[Choice], default: str) -> str:
    """Ask for one of several choices.

    Raises:
        BackError: If the user goes back.
        KeyboardInterrupt: If the user stops.
    """
    offered = _offered(choices, ())
    first = next(choice for choice in offered if choice.value == default)
    prompt = questionary.select(
        question, offered, default=first, style=_STYLE, instruction=" ", erase_when_done=True
    )
    return str(_with_back(prompt).unsafe_ask())


def several(question: str, choices: Sequence[Choice], default: Sequence[str]) -> list[str]:
    """Ask for any number of choices.

    Raises:
        BackError: If the user goes back.
        KeyboardInterrupt: If the user stops.
    """
    prompt = questionary.checkbox(
        question,
        _offered(choices, default),
        style=_STYLE,
        instruction="(space selects, enter continues)",
        erase_when_done=True,
    )
    return [str(id_) for id_ in _with_back(prompt).unsafe_ask()]


def note(content: str, style: str = "") -> None:
    """Print an indented paragraph, wrapped at the width of the terminal."""
    width = shutil.get_terminal_size().columns
    for line in textwrap.wrap(
        content, width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
    ):
        questionary.print(line, style=style)


def name_of(choice: Choice) -> str:
    """Return the name of a choice, without its description."""
    return choice.title.partition(": ")[0]


def _offered(choices: Iterable[Choice], checked: Sequence[str]) -> list[questionary.Choice]:
    """Return choices with their descriptions, which are shown for the one under the cursor."""
    return [
        questionary.Choice(
            name_of(choice),
            choice.id,
            disabled="not available" if choice.refusal else None,
            checked=choice.id in checked and not choice.refusal,
            description=choice.title.partition(": ")[2] or None,
        )
        for choice in choices
    ]


def _with_back(prompt: Question) -> Question:
    """Add the key that goes back to a prompt."""
    bindings = cast(KeyBindings, prompt.application.key_bindings)
    bindings.add(_BACK, eager=True)(_go_back)
    return prompt


def _go_back(event: KeyPressEvent) -> None:
    event.app.exit(exception=BackError())
