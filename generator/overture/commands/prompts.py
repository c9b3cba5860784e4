"""The interview in a terminal: a prompt for each question without an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import questionary

from overture.commands import asking
from overture.commands.asking import BackError, name_of, note
from overture.template.interview import Interview, Outcome
from overture.template.questions import Posed, Value

KEYS = "Enter accepts what is shown, Ctrl-B goes back, and Ctrl-C stops."


@dataclass
class Prompts:
    """Answers questions by asking the user.

    Attributes:
        given: Answers given in advance; their questions are asked only if the answers are invalid.
        suggested: Defaults that replace the template's.
        chosen: The answers that differ from the defaults, and the given ones.
        asked: The user's answers, in the order of the questions.
        stopped: Whether the user decided to write nothing.
    """

    given: Mapping[str, object]
    suggested: Mapping[str, Value]
    chosen: dict[str, Value] = field(default_factory=dict)
    asked: dict[str, Value] = field(default_factory=dict)
    stopped: bool = False
    _heading: str = ""

    def walk(self, interview: Interview) -> Outcome:
        """Ask every question that has no valid answer yet, and go back when the user does.

        Raises:
            KeyboardInterrupt: If the user stops the interview.
        """
        if not self.asked:
            note(KEYS, "fg:#888888")
        while True:
            try:
                return interview.walk(self)
            except BackError:
                if self.asked:
                    self.forget(next(reversed(self.asked)))

    def forget(self, key: str) -> None:
        """Forget an answer, so that its question is asked again with it as the default."""
        self.suggested = {**self.suggested, key: self.asked.pop(key)}
        self._heading = ""

    def accepts(self, interview: Interview, files: str) -> bool:
        """Ask whether to write a project; if an answer is to be changed, forget it.

        Args:
            interview: The interview.
            files: The project's files, as text.

        Raises:
            KeyboardInterrupt: If the user stops.
        """
        offered = {"yes": "Yes", "files": "Show its files first", "change": "Change an answer"}
        if not self.asked:
            del offered["change"]
        while True:
            answer = asking.chosen("Write this project?", offered | {"no": "No"})
            if answer == "files":
                print(f"\n{files}\n")
                continue
            if answer == "change":
                titles = {posed.key: posed.question.help for posed in interview.posed(self.asked)}
                self.forget(asking.chosen("Which one?", {key: titles[key] for key in self.asked}))
            self.stopped = answer == "no"
            return answer == "yes"

    def __call__(self, posed: Posed) -> object:
        """Answer one question: with the answer that it has, if that is valid, otherwise by asking.

        Raises:
            BackError: If the user goes back.
            KeyboardInterrupt: If the user stops the interview.
        """
        key = posed.key
        known = self.asked[key] if key in self.asked else self.given.get(key)
        messages: tuple[str, ...] = ()
        if known is not None:
            value, wrong = posed.parsed(known)
            messages = wrong or posed.refusals(value)
        if known is None or messages:
            self.asked.pop(key, None)
            value = self._ask(posed, messages)
        if key in self.given or value != posed.default():
            self.chosen[key] = value
        else:
            self.chosen.pop(key, None)
        return value

    def _ask(self, posed: Posed, messages: tuple[str, ...]) -> Value:
        """Ask until the answer is valid."""
        self._head("Components" if posed.question.is_family else "Project")
        possible = [choice for choice in posed.choices if not choice.refusal]
        for choice in posed.choices:
            if choice.refusal:
                note(f"{name_of(choice)} is not available: {choice.refusal}", "fg:#888888 italic")
        if posed.choices and not possible and posed.question.multiple:
            return self._answered(posed, [], "nothing is available", is_asked=False)
        if len(posed.choices) == 1 and possible and posed.refusals([]):
            name = f"{name_of(possible[0])} (the only one)"
            return self._answered(posed, [possible[0].id], name, is_asked=False)
        shown = self.suggested.get(posed.key, posed.default())
        while True:
            for message in messages:
                note(message, "fg:ansired")
            shown, wrong = posed.parsed(_prompted(posed, shown))
            messages = wrong or posed.refusals(shown)
            if not messages:
                break
        names = [name_of(choice) for choice in posed.choices if choice.id in shown]
        text = (", ".join(names) or "none") if posed.choices else str(shown)
        return self._answered(posed, shown, text, is_asked=True)

    def _answered(self, posed: Posed, value: Value, text: str, *, is_asked: bool) -> Value:
        questionary.print("? ", style="fg:#5f819d", end="")
        questionary.print(f"{posed.question.help} ", style="bold", end="")
        questionary.print(text, style="fg:#ff9d00 bold")
        if is_asked:
            self.asked[posed.key] = value
        return value

    def _head(self, heading: str) -> None:
        if heading != self._heading:
            questionary.print(f"\n{heading}", style="bold")
            self._heading = heading


def _prompted(posed: Posed, shown: Value) -> Value:
    """Ask once, with an answer that is shown."""
    if not posed.choices:
        return asking.text(posed.question.help, str(shown))
    if posed.question.multiple:
        return asking.several(posed.question.help, posed.choices, shown)
    return asking.one(posed.question.help, posed.choices, str(shown))
