"""Edits of a project's answers: functions from the opened project to its new answers."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from overture.errors import NotChosenError
from overture.project.opening import Opened
from overture.template.answers import check_keys
from overture.template.spelling import suggestion

Edit: TypeAlias = Callable[[Opened], Mapping[str, object]]


def adding(ids: Sequence[str]) -> Edit:
    """Return the edit that adds components.

    It raises `UnknownComponentError` if there is no such component.
    """

    def edit(opened: Opened) -> Mapping[str, object]:
        answers = dict(opened.answers)
        for id_ in ids:
            family = opened.new.catalogue[id_].family
            if opened.new.interview.question(family).multiple:
                chosen = answers.get(family)
                known = chosen if isinstance(chosen, list) else []
                answers[family] = known if id_ in known else [*known, id_]
            else:
                answers[family] = id_
        return answers

    return edit


def removing(ids: Sequence[str]) -> Edit:
    """Return the edit that removes components.

    It raises `UnknownComponentError` if there is no such component, and `NotChosenError` if the
    project does not have it.
    """

    def edit(opened: Opened) -> Mapping[str, object]:
        answers = dict(opened.answers)
        for id_ in ids:
            entry = opened.new.catalogue[id_]
            chosen = answers.get(entry.family)
            if isinstance(chosen, list) and id_ in chosen:
                answers[entry.family] = [other for other in chosen if other != id_]
            elif chosen == id_:
                answers[entry.family] = "none"
            else:
                there = [other.id for other in opened.new.catalogue if opened.has(other)]
                message = f"{id_} is not chosen, so it cannot be removed; {', '.join(there)} are."
                raise NotChosenError(message, suggestion(id_, there))
        return answers

    return edit


def setting(answers: Mapping[str, object]) -> Edit:
    """Return the edit that replaces answers; without any, it leaves all as they are.

    It raises `UnknownQuestionError` if there is no such question.
    """

    def edit(opened: Opened) -> Mapping[str, object]:
        check_keys(answers, opened.new.interview)
        return {**opened.answers, **answers}

    return edit
