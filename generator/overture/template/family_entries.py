"""The model of each family's entries, with additional fields for particular families."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from overture.template.entries import (
    Entry,
    Identifier,
    ImportName,
    Line,
    RecipeName,
    Stated,
)

LocalUrl = Annotated[str, StringConstraints(pattern=r"^http://127\.0\.0\.1:\d+/\S+$")]
FeatureType = Literal["number", "category"]


class Sample(Stated):
    """The small real data set of a task; `row` holds the features of its first row."""

    name: Identifier
    title: Line
    text: str
    source: Line
    license: Line
    features: dict[str, FeatureType]
    target: dict[str, FeatureType]
    row: dict[str, float | str]


class Step(Stated):
    """A job's place in the pipeline of all jobs.

    Attributes:
        order: Its position among the others.
        takes: Words for its configuration, by the job whose record they refer to.
    """

    order: int
    takes: dict[Identifier, Line] = Field(default_factory=dict)


class TaskEntry(Entry):
    """A task.

    Attributes:
        metrics: Its metric classes; the first one is optimized.
        splitters: Classes, by module, that split its rows and suit no other task.
        thresholds: Bounds of its metrics that a constant prediction fails.
        sample: Its sample data set.
    """

    metrics: tuple[ImportName, ...] = ()
    splitters: dict[Identifier, ImportName] = Field(default_factory=dict)
    thresholds: dict[str, dict[Literal["min", "max"], float]] = Field(default_factory=dict)
    sample: Sample | None = None


class ModelEntry(Entry):
    """A model framework.

    Attributes:
        explainer: The class that explains its models with the framework's own methods.
        quick: Settings that make it fit quickly, for the project's tests.
    """

    explainer: ImportName | None = None
    quick: tuple[Line, ...] = ()


class DatasetEntry(Entry):
    """A dataset.

    Attributes:
        location: The keys by which a configuration names a table called {name}; absent if a project
            cannot have a sample of its kind.
        opens: Whether its library opens folders by itself, with the options of its storage.
    """

    location: Annotated[dict[Identifier, Line], Field(min_length=1)] | None = None
    opens: bool = False


class StorageEntry(Entry):
    """A storage.

    Attributes:
        scheme: The URL scheme of its locations.
    """

    scheme: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*$")]


class TrackerEntry(Entry):
    """A tracker.

    Attributes:
        registry: The class that reads models from its registry, if it has one.
    """

    registry: ImportName | None = None


class JobEntry(Entry):
    """A job.

    Attributes:
        recipe: The recipe of the project's `justfile` that runs it, a verb.
        quick: Settings that make it run quickly, for the project's tests.
        starts: Whether it needs no saved model.
        makes: What other jobs start from, if it makes that: a `model`.
        endless: Whether it runs until it is stopped.
        health: The URL that answers while it runs, if it serves one.
        step: Its place in the pipeline of all jobs, if it is part of it.
    """

    recipe: RecipeName
    quick: tuple[Line, ...] = ()
    starts: bool = False
    makes: Literal["model"] | None = None
    endless: bool = False
    health: LocalUrl | None = None
    step: Step | None = None

    @property
    def recipe_names(self) -> set[str]:
        """The names of the recipes that it adds."""
        return {self.recipe, *self.recipes}


# Of a family that is not named here, every entry is an `Entry`.
MODELS: Mapping[str, type[Entry]] = {
    "tasks": TaskEntry,
    "models": ModelEntry,
    "datasets": DatasetEntry,
    "storages": StorageEntry,
    "trackers": TrackerEntry,
    "jobs": JobEntry,
}
