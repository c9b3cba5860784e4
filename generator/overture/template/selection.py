"""Invalid selections: the reasons, and the closest valid one."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from overture.errors import OvertureError
from overture.template.catalogue import Catalogue
from overture.template.interview import Answers, Interview, Refusal

# Limits of the search: a proposal that needs more than this would help nobody.
_MOST_ADJUSTMENTS = 6
_MOST_LOOKS = 3000


@dataclass(frozen=True)
class Adjustment:
    """One component added to a selection, or removed from it."""

    id: str
    added: bool

    def __str__(self) -> str:
        return f"{'add' if self.added else 'remove'} {self.id}"


@dataclass(frozen=True)
class Proposal:
    """A valid selection and the fewest adjustments that lead to it.

    Attributes:
        adjustments: The components to add and to remove.
        families: The families that they belong to.
        answers: The valid selection, by family.
    """

    adjustments: tuple[Adjustment, ...]
    families: tuple[str, ...]
    answers: Answers

    def __str__(self) -> str:
        return ", ".join(map(str, self.adjustments))


class Refused(OvertureError):  # noqa: N818 - the name of the exception is the outcome
    """The answers break the interview's rules.

    Attributes:
        refusals: Every reason, with the key of its question.
        proposal: The closest valid selection, if there is one and the components differ.
        command: The `overture` command that leads to the proposal, or nothing.
    """

    code = "selection-refused"

    def __init__(
        self,
        refusals: Sequence[Refusal],
        proposal: Proposal | None = None,
        command: str = "",
        remedy: str = "",
    ) -> None:
        message = "\n".join(f"{refusal.key}: {refusal.message}" for refusal in refusals)
        super().__init__(message, remedy)
        self.refusals = tuple(refusals)
        self.proposal = proposal
        self.command = command


def nearest_valid(
    interview: Interview,
    catalogue: Catalogue,
    given: Mapping[str, object],
    wanted: Collection[str] = (),
) -> Proposal | None:
    """Return the valid selection closest to given answers.

    A breadth-first search over adding and removing components. A refusal names the components that
    it concerns, so only those are tried. Of selections at the same distance, one that adds a
    component is preferred to one that removes a component.

    Args:
        interview: The interview, whose refusals alone decide what is valid.
        catalogue: The components that can be added or removed.
        given: The given answers.
        wanted: Components that must stay as given: chosen or left out.

    Returns:
        The proposal, without adjustments if the answers are valid; none if no valid selection is
        within a few adjustments.
    """
    frontier: list[tuple[tuple[Adjustment, ...], Answers]] = [((), _components(interview, given))]
    others = {key: value for key, value in given.items() if key not in interview.families}
    seen: set[tuple[tuple[str, str], ...]] = set()
    looks = 0
    for _ in range(_MOST_ADJUSTMENTS + 1):
        following: list[tuple[tuple[Adjustment, ...], Answers]] = []
        for adjustments, selection in frontier:
            looks += 1
            if looks > _MOST_LOOKS:
                return None
            outcome = interview.resolve({**others, **selection})
            refusals = [item for item in outcome.refusals if item.key in interview.families]
            if not refusals:
                families = tuple(catalogue[adjustment.id].family for adjustment in adjustments)
                return Proposal(adjustments, families, selection)
            for adjustment in _adjustments(refusals[0], selection, catalogue):
                if adjustment.id in wanted:
                    continue
                adjusted = _adjusted(selection, adjustment, catalogue)
                key = _key(adjusted)
                if key not in seen:
                    seen.add(key)
                    following.append(((*adjustments, adjustment), adjusted))
        frontier = following
    return None


def _components(interview: Interview, given: Mapping[str, object]) -> Answers:
    """Return the components that given answers choose, with the defaults of other families."""
    answers = interview.resolve(given).answers
    return {key: answers[key] for key in interview.families if key in answers}


def _adjustments(
    refusal: Refusal, selection: Answers, catalogue: Catalogue
) -> Iterator[Adjustment]:
    """Yield the adjustments that might resolve a refusal: additions first, as it names them."""
    words = dict.fromkeys(re.findall(r"[a-z][a-z0-9_]*", refusal.message))
    named = [word for word in words if word in catalogue] or [entry.id for entry in catalogue]
    chosen = {id_ for _, id_ in _key(selection)}
    usable = [id_ for id_ in named if catalogue[id_].family in selection]
    yield from (Adjustment(id_, added=True) for id_ in usable if id_ not in chosen)
    yield from (Adjustment(id_, added=False) for id_ in usable if id_ in chosen)


def _adjusted(selection: Answers, adjustment: Adjustment, catalogue: Catalogue) -> Answers:
    family = catalogue[adjustment.id].family
    current = selection[family]
    if isinstance(current, str):
        return {**selection, family: adjustment.id if adjustment.added else "none"}
    kept = [id_ for id_ in current if id_ != adjustment.id]
    return {**selection, family: [*kept, adjustment.id] if adjustment.added else kept}


def _key(selection: Answers) -> tuple[tuple[str, str], ...]:
    """Return a selection as comparable pairs of family and id."""
    pairs = [
        (family, id_)
        for family, value in selection.items()
        for id_ in ([value] if isinstance(value, str) else value)
    ]
    return tuple(sorted(pairs))
