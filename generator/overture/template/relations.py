"""What a component has to do with others."""

from overture.template.catalogue import Catalogue
from overture.template.entries import Entry


def relations(catalogue: Catalogue, entry: Entry) -> dict[str, list[str]]:
    """Return what withholds a component, what it needs, conflicts with, serves, and depends on."""
    return {
        **({"withheld": [entry.withheld]} if entry.withheld else {}),
        "needs": [
            f"{' or '.join(other.id for other in catalogue.meeting(need))}: {need.reason}"
            for need in entry.requires
        ],
        "conflicts": [
            *(f"{conflict.component}: {conflict.reason}" for conflict in entry.conflicts),
            *(
                f"{other.id}: {conflict.reason}"
                for other in catalogue
                for conflict in other.conflicts
                if conflict.component == entry.id
            ),
        ],
        "tasks": list(entry.tasks or ()),
        "serves": [
            f"{other.id}: {need.reason}"
            for other in catalogue
            for need in other.requires
            if entry in catalogue.meeting(need)
        ],
        "provides": list(entry.provides),
        "dependencies": [*entry.dependencies, *entry.dev_dependencies],
        "files": list(entry.files),
    }
