"""The nearest selection that the rules allow."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from overture.template.catalogue import Catalogue
from overture.template.interview import Answers, Interview, Refusal

# Beyond this, the rules are in such disorder that no proposal would help.
_MOST_CHANGES = 6
_MOST_LOOKS = 3000


@dataclass(frozen=True)
class Change:
    """One component added to a selection, or removed from it."""

    id: str
    added: bool

    def __str__(self) -> str:
        return f"{'add' if self.added else 'remove'} {self.id}"


@dataclass(frozen=True)
class Proposal:
    """A valid selection and the fewest changes that lead to it.

    Attributes:
        changes: The changes.
        families: The families that they change.
        answers: The valid selection, by family.
    """

    changes: tuple[Change, ...]
    families: tuple[str, ...]
    answers: Answers


def nearest_valid(
    interview: Interview,
    catalogue: Catalogue,
    given: Mapping[str, object],
    wanted: Collection[str] = (),
) -> Proposal | None:
    """Return the valid selection nearest to given answers.

    A breadth-first search over adding and removing components. Each refusal names the components
    it is about, and no change of others can lift it, so only those are tried. Among selections at
    the same distance, one that adds what a refusal names comes before one that removes.

    Args:
        interview: The interview, whose refusals alone decide what is valid.
        catalogue: The components that can be added or removed.
        given: The given answers.
        wanted: Components that stay as they are given: chosen or left out.

    Returns:
        The proposal, without changes if the answers are valid; none if no selection is near.
    """
    frontier: list[tuple[tuple[Change, ...], Answers]] = [((), _components(interview, given))]
    others = {key: value for key, value in given.items() if key not in interview.families}
    seen: set[tuple[tuple[str, str], ...]] = set()
    looks = 0
    for _ in range(_MOST_CHANGES + 1):
        following: list[tuple[tuple[Change, ...], Answers]] = []
        for changes, selection in frontier:
            looks += 1
            if looks > _MOST_LOOKS:
                return None
            outcome = interview.resolve({**others, **selection})
            refusals = [item for item in outcome.refusals if item.key in interview.families]
            if not refusals:
                families = tuple(catalogue[change.id].family for change in changes)
                return Proposal(changes, families, selection)
            for change in _moves(refusals[0], selection, catalogue):
                if change.id in wanted:
                    continue
                moved = _changed(selection, change, catalogue)
                key = _key(moved)
                if key not in seen:
                    seen.add(key)
                    following.append(((*changes, change), moved))
        frontier = following
    return None


def _components(interview: Interview, given: Mapping[str, object]) -> Answers:
    """Return the components that given answers choose, and the defaults of other families."""
    answers = interview.resolve(given).answers
    return {key: answers[key] for key in interview.families if key in answers}


def _moves(refusal: Refusal, selection: Answers, catalogue: Catalogue) -> Iterator[Change]:
    """Yield the changes that might lift a refusal: additions first, as the refusal names them."""
    words = dict.fromkeys(re.findall(r"[a-z][a-z0-9_]*", refusal.message))
    named = [word for word in words if word in catalogue] or [entry.id for entry in catalogue]
    chosen = {id_ for _, id_ in _key(selection)}
    usable = [id_ for id_ in named if catalogue[id_].family in selection]
    yield from (Change(id_, added=True) for id_ in usable if id_ not in chosen)
    yield from (Change(id_, added=False) for id_ in usable if id_ in chosen)


def _changed(selection: Answers, change: Change, catalogue: Catalogue) -> Answers:
    family = catalogue[change.id].family
    current = selection[family]
    if isinstance(current, str):
        return {**selection, family: change.id if change.added else "none"}
    kept = [id_ for id_ in current if id_ != change.id]
    return {**selection, family: [*kept, change.id] if change.added else kept}


def _key(selection: Answers) -> tuple[tuple[str, str], ...]:
    """Return a selection as pairs of family and id, to compare it with others."""
    pairs = [
        (family, id_)
        for family, value in selection.items()
        for id_ in ([value] if isinstance(value, str) else value)
    ]
    return tuple(sorted(pairs))
