"""The interview: questions in order, evaluated for given answers.

All rules are the template's. This module evaluates each question in the context of the answers
before it, exactly as Copier does.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeAlias

from pathspec import PathSpec

from overture.errors import InterviewError
from overture.template.jinja import Renderer
from overture.template.questions import Context, Posed, Question, Value, plain, pose
from overture.template.reading import read_interview

Answers: TypeAlias = dict[str, Value]
Given: TypeAlias = Mapping[str, object]


@dataclass(frozen=True)
class Refusal:
    """Why an answer is invalid: the key of its question, and a message with the remedy."""

    key: str
    message: str


@dataclass(frozen=True)
class Outcome:
    """The result of an interview.

    Attributes:
        answers: The answers to every question that was asked, as Copier records them.
        refusals: Why they are refused; empty if they are valid.
    """

    answers: Answers
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class Interview:
    """The questions of a template and the renderer that evaluates them.

    Attributes:
        questions: The questions, in order.
        renderer: What renders their templates.
        once: Patterns of the files that are written once, as templates.
        folder: The name of the project's folder, if it is known; Copier's `_folder_name`.
    """

    questions: tuple[Question, ...]
    renderer: Renderer
    once: tuple[str, ...] = ()
    folder: str = ""

    @classmethod
    def load(cls, root: Path, defaults: Given | None = None, folder: str = "") -> Self:
        """Read the interview of a template.

        Args:
            root: The template's root, which holds `copier.yml`.
            defaults: Defaults that replace the template's, such as those of Copier's settings.
            folder: The name of the project's folder, if it is known.

        Raises:
            InterviewError: If the template has no interview that can be read.
        """
        content = read_interview(root)
        options = content.get("_envops")
        questions = tuple(
            _question(key, raw, defaults or {})
            for key, raw in content.items()
            if not key.startswith("_")
        )
        renderer = Renderer(root, options if isinstance(options, Mapping) else {})
        once = content.get("_skip_if_exists")
        owned = tuple(map(str, once)) if isinstance(once, list) else ()
        return cls(questions, renderer, owned, folder)

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that may be asked."""
        return tuple(question for question in self.questions if not question.is_computed)

    @property
    def families(self) -> tuple[str, ...]:
        """The families of components, in the order they are asked."""
        return tuple(question.key for question in self.asked if question.is_family)

    def question(self, key: str) -> Question:
        """Return the question with a key."""
        return next(question for question in self.asked if question.key == key)

    def help(self, family: str) -> str:
        """Return what the question of a family asks."""
        return self.renderer.text(self.question(family).help, self.context({})).strip()

    def stated(self, given: Given) -> dict[str, object]:
        """Return given answers as their questions parse them, valid or not."""
        questions = {question.key: question for question in self.asked}
        return {
            key: questions[key].stated(value) if key in questions else value
            for key, value in given.items()
        }

    def resolve(self, given: Given) -> Outcome:
        """Return the result for given answers, with defaults for the others."""

        def answer(posed: Posed) -> object:
            return given[posed.key] if posed.key in given else posed.stated_default()

        outcome = self.walk(answer)
        unasked = [
            Refusal(key, f"{key} does not apply to this selection. Leave it out.")
            for key in given
            if key not in outcome.answers and given[key]
        ]
        return Outcome(outcome.answers, (*outcome.refusals, *unasked))

    def context(self, given: Given) -> Context:
        """Return the full context of templates for given answers."""
        context: Context = {}
        self.walk(lambda posed: given.get(posed.key, posed.stated_default()), context)
        return context

    def belonging(self, entry: Mapping[str, object], paths: Iterable[str]) -> tuple[str, ...]:
        """Return the paths that a project has only together with a component."""
        source = "{% from 'interview/rules.jinja' import files_of %}{{ files_of(entry) }}"
        patterns = self.renderer.text(source, {"entry": entry}).splitlines()
        return tuple(PathSpec.from_lines("gitignore", patterns).match_files(paths))

    def owned(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Return the paths that are written once and then belong to the user."""
        return tuple(PathSpec.from_lines("gitignore", self.once).match_files(paths))

    def walk(self, answer: Callable[[Posed], object], context: Context | None = None) -> Outcome:
        """Ask every question in order, and take its answer from a function.

        Args:
            answer: The function that answers a question.
            context: A mapping that receives the answers and all computed values.
        """
        context = {} if context is None else context
        context["_folder_name"] = self.folder
        answers: Answers = {}
        refusals: list[Refusal] = []
        for question in self.questions:
            if question.is_computed:
                context[question.key] = self._computed(question, context)
                continue
            posed = pose(question, self.renderer, context)
            if not posed.is_offered:
                context[question.key] = posed.default()
                continue
            value, wrong = posed.parsed(answer(posed))
            messages = wrong or posed.refusals(value)
            refusals += [Refusal(question.key, message) for message in messages]
            context[question.key] = answers[question.key] = value
        return Outcome(answers, tuple(refusals))

    def posed(self, answers: Given | None = None) -> tuple[Posed, ...]:
        """Return the questions that are asked for given answers, in their contexts."""
        seen: list[Posed] = []

        def answer(posed: Posed) -> object:
            seen.append(posed)
            return (answers or {}).get(posed.key, posed.default())

        self.walk(answer)
        return tuple(seen)

    def _computed(self, question: Question, context: Context) -> object:
        value = self.renderer.value(question.default, context)
        return plain(value) if isinstance(value, str) else value


def _question(key: str, raw: object, defaults: Given) -> Question:
    if not isinstance(raw, Mapping):
        raise InterviewError(f"The question {key} of copier.yml is not a mapping.")
    when = raw.get("when", True)
    if when is not False and raw.get("type", "str") != "str":
        raise InterviewError(f"The question {key} of copier.yml is not of type str.")
    return Question(
        key=key,
        help=str(raw.get("help", key)),
        default=defaults.get(key, raw.get("default", "")),
        choices=raw.get("choices"),
        multiple=bool(raw.get("multiselect", False)),
        when=when,
        validator=str(raw.get("validator", "")),
    )
