"""The catalogue: all components of a template, read and validated."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from overture.errors import CatalogueError, UnknownComponentError
from overture.template.entries import Entry, Need
from overture.template.family_entries import MODELS
from overture.template.reading import read_yaml
from overture.template.spelling import suggestion


@dataclass(frozen=True)
class Catalogue:
    """All components, in the order of the interview."""

    entries: tuple[Entry, ...]
    families: tuple[str, ...]

    @classmethod
    def load(cls, root: Path, families: Sequence[str]) -> Self:
        """Read and validate the catalogue of a template.

        Args:
            root: The template's root, which holds `components/`.
            families: The families of the interview, in its order.

        Raises:
            CatalogueError: If entries break rules; it names all of them.
        """
        files = sorted((root / "components").glob("*/*.yml"))
        entries = [_read(file, file.relative_to(root).as_posix(), families) for file in files]
        entries.sort(key=lambda entry: (families.index(entry.family), *entry.sort_key))
        catalogue = cls(tuple(entries), tuple(families))
        broken = [line for entry in entries for line in catalogue.broken(entry)]
        if broken:
            raise CatalogueError("\n".join(broken))
        return catalogue

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __contains__(self, id_: object) -> bool:
        return any(entry.id == id_ for entry in self.entries)

    def __getitem__(self, id_: str) -> Entry:
        """Return the component with an id.

        Raises:
            UnknownComponentError: If there is none; it names the closest.
        """
        for entry in self.entries:
            if entry.id == id_:
                return entry
        ids = [entry.id for entry in self.entries]
        remedy = suggestion(id_, ids) or "See `overture list` for all of them."
        raise UnknownComponentError(f"There is no component {id_!r}.", remedy)

    def of(self, family: str) -> tuple[Entry, ...]:
        """Return the components of a family, in order."""
        return tuple(entry for entry in self.entries if entry.family == family)

    def meeting(self, need: Need) -> tuple[Entry, ...]:
        """Return the components that meet a requirement."""
        return tuple(
            entry
            for entry in self.entries
            if not entry.withheld
            and (
                entry.id == need.component
                or entry.family == need.family
                or need.capability in entry.provides
            )
        )

    def broken(self, entry: Entry) -> Iterator[str]:
        """Yield the rules that an entry breaks in relation to the others."""
        where = f"components/{entry.family}/{entry.id}.yml"
        if sum(other.id == entry.id for other in self.entries) > 1:
            yield f"{where}: id: another family has this id too. Choose one that no other has."
        yield from self._unresolved(where, entry)
        for id_ in entry.with_:
            if id_ == entry.id or id_ not in self:
                yield f"{where}: with: {id_} is no other component. Name one."
        for other in self.entries:
            if other is not entry:
                yield from _shared(where, entry, other)
        tasks = [other.id for other in self.of("tasks")]
        for task in sorted(set(entry.tasks or ()) - set(tasks)):
            yield f"{where}: tasks: {task} is no task. Name some of {', '.join(tasks)}."

    def _unresolved(self, where: str, entry: Entry) -> Iterator[str]:
        """Yield the rules that its requirements and conflicts break."""
        for need in entry.requires:
            met = self.meeting(need)
            if entry in met:
                yield f"{where}: requires: {need.target} is met by the entry itself. Remove it."
            elif not met:
                yield f"{where}: requires: no component is or provides {need.target}. Name another."
            yield from self._later(where, "requires", entry, met)
        for conflict in entry.conflicts:
            rivals = [other for other in self.entries if other.id == conflict.component]
            if not rivals or entry in rivals:
                yield f"{where}: conflicts: {conflict.component} is no other component. Name one."
            yield from self._later(where, "conflicts", entry, rivals)

    def _later(self, where: str, key: str, entry: Entry, others: Iterable[Entry]) -> Iterator[str]:
        for other in others:
            if self.families.index(other.family) > self.families.index(entry.family):
                yield (
                    f"{where}: {key}: {other.id} is of {other.family}, which the interview asks "
                    f"after {entry.family}. State it in the later one, or change the order."
                )


def _shared(where: str, entry: Entry, other: Entry) -> Iterator[str]:
    """Yield the rules that two entries break by what both state."""
    if both := set(other.files) & set(entry.files):
        yield (
            f"{where}: files: {', '.join(sorted(both))} is listed by {other.id} too. Name "
            "it in uses, as a part that both share."
        )
    if other.family != entry.family and (both := other.recipe_names & entry.recipe_names):
        yield f"{where}: {', '.join(sorted(both))} is a recipe of {other.id} too. Rename it."


def _read(file: Path, where: str, families: Sequence[str]) -> Entry:
    content = read_yaml(file)
    model = MODELS.get(file.parent.name, Entry)
    try:
        entry = model.model_validate(content)
    except ValidationError as error:
        lines = [
            f"{where}: {'.'.join(map(str, item['loc'])) or 'entry'}: {_rule(item['msg'])}"
            for item in error.errors()
        ]
        keys = [str(item["loc"][0]) for item in error.errors() if item["type"] == "extra_forbidden"]
        remedies = [suggestion(key, model.model_fields) for key in keys]
        raise CatalogueError("\n".join(lines), " ".join(filter(None, remedies))) from error
    if entry.id != file.stem:
        raise CatalogueError(f"{where}: id: {entry.id} is not the file's name. Make them the same.")
    if entry.family != file.parent.name:
        raise CatalogueError(
            f"{where}: family: {entry.family} is not the folder's name. Make them the same."
        )
    if entry.family not in families:
        raise CatalogueError(f"{where}: family: {entry.family} is no family of the interview.")
    return entry


def _rule(message: str) -> str:
    return message.removeprefix("Value error, ")
