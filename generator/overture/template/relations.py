"""The relations of a component to others."""

from dataclasses import dataclass

from overture.template.catalogue import Catalogue
from overture.template.entries import Entry


@dataclass(frozen=True)
class Relations:
    """How a component relates to others; each line names one with the reason.

    Attributes:
        withheld: Why it cannot be chosen, if so.
        needs: What it requires.
        conflicts: What it cannot be combined with.
        tasks: The tasks that it can do.
        serves: The components that require it or what it provides.
        provides: The capabilities that it provides.
        dependencies: What the project depends on because of it.
        files: The files that it owns, in addition to those named after it.
    """

    withheld: tuple[str, ...]
    needs: tuple[str, ...]
    conflicts: tuple[str, ...]
    tasks: tuple[str, ...]
    serves: tuple[str, ...]
    provides: tuple[str, ...]
    dependencies: tuple[str, ...]
    files: tuple[str, ...]


def relations(catalogue: Catalogue, entry: Entry) -> Relations:
    """Return the relations of a component to the others of its catalogue."""
    return Relations(
        withheld=(entry.withheld,) if entry.withheld else (),
        needs=tuple(
            f"{' or '.join(other.id for other in catalogue.meeting(need))}: {need.reason}"
            for need in entry.requires
        ),
        conflicts=(
            *(f"{conflict.component}: {conflict.reason}" for conflict in entry.conflicts),
            *(
                f"{other.id}: {conflict.reason}"
                for other in catalogue
                for conflict in other.conflicts
                if conflict.component == entry.id
            ),
        ),
        tasks=tuple(entry.tasks or ()),
        serves=tuple(
            f"{other.id}: {need.reason}"
            for other in catalogue
            for need in other.requires
            if entry in catalogue.meeting(need)
        ),
        provides=tuple(entry.provides),
        dependencies=(*entry.dependencies, *entry.dev_dependencies),
        files=tuple(entry.files),
    )
