"""What a catalogue entry may state, as models."""

from typing import Annotated, Literal, Self

from packaging.requirements import InvalidRequirement, Requirement
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)


def _requirement(text: str) -> str:
    try:
        Requirement(text)
    except InvalidRequirement as error:
        message = f"{text!r} is no PEP 508 requirement, such as pandas>=2.2"
        raise ValueError(message) from error
    return text


def _inside(path: str) -> str:
    if path.startswith("/") or "\\" in path or ".." in path.split("/"):
        message = f"{path!r} must be relative to the project, with slashes and without .."
        raise ValueError(message)
    return path


Line = Annotated[str, StringConstraints(pattern=r"^[^\r\n]*\S[^\r\n]*$", max_length=200)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
ImportName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.]*$")]
Dependency = Annotated[str, AfterValidator(_requirement)]
Pattern = Annotated[Line, AfterValidator(_inside)]
FeatureType = Literal["number", "category"]


class Stated(BaseModel):
    """Something that a catalogue file states: frozen, and nothing besides its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Need(Stated):
    """What an entry requires: exactly one of a component, a family or a capability.

    Attributes:
        component: The id of the component that must be chosen too.
        family: The family of which some component must be chosen too.
        capability: What some chosen component must provide.
        reason: Why, as a sentence.
    """

    component: Identifier | None = None
    family: Identifier | None = None
    capability: Identifier | None = None
    reason: Line

    @model_validator(mode="after")
    def _names_one_thing(self) -> Self:
        named = [self.component, self.family, self.capability]
        if sum(name is not None for name in named) != 1:
            message = "a requirement names exactly one of component, family, capability"
            raise ValueError(message)
        return self

    @property
    def target(self) -> str:
        """The name of what is required."""
        return self.component or self.family or self.capability or ""


class Conflict(Stated):
    """A component that cannot be chosen beside the entry, and why."""

    component: Identifier
    reason: Line


class Variable(Stated):
    """An environment variable that the component reads."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
    description: Line


class Sample(Stated):
    """The small real data set that a task brings; `row` holds the features of its first row."""

    name: Identifier
    title: Line
    text: str
    source: Line
    licence: Line
    features: dict[str, FeatureType]
    target: dict[str, FeatureType]
    row: dict[str, float | str]


class Step(Stated):
    """A job's place in the pipeline of all jobs.

    Attributes:
        order: Where it stands among the others.
        takes: Words for its configuration, by the job whose record they refer to.
    """

    order: int
    takes: dict[Identifier, Line] = Field(default_factory=dict)


class Entry(Stated):
    """One component of the catalogue.

    Attributes:
        id: Its name, unique in the catalogue and forever.
        family: The family, which is also the question that selects it.
        title: Its name for people.
        summary: One line that says what it is.
        order: Its place in its family; the id decides between equals.
        class_name: The class that implements it, if it is a strategy.
        tasks: The tasks that it can do; absent if tasks do not concern it.
        withheld: Why it is shown, but cannot be chosen in this version.
        requires: What must be chosen too.
        conflicts: What cannot be chosen beside it.
        provides: Capabilities that others may require.
        dependencies: What the project depends on because of it.
        dev_dependencies: What the project's development depends on because of it.
        imports: Import names of the dependencies.
        untyped: Import names, of its dependencies or its tests, that ship no types.
        environment: Environment variables that it reads.
        files: Files that it owns, besides those named after it.
        gitignore: Patterns for the project's .gitignore.
        ci: Commands that continuous integration runs because of it.
        place: Where a dataset's table of some {name} lies, as a configuration states it; absent if
            a project cannot bring a sample of its kind.
        opens: Whether a dataset's library opens folders by itself, and is told how to find them.
        registry: The class by which a tracker keeps versions of models.
        explainer: The class by which a model's framework explains it.
        quick: Settings with which a model or a job does little, but fast, for the project's tests.
        starts: Whether a job needs no saved model.
        endless: Whether a job goes on until it is stopped.
        step: A job's place in the pipeline of all jobs, if it is part of it.
        metrics: Metrics of a task, the first one decides.
        splitters: Classes, by module, that split a task's rows and suit no other task.
        thresholds: Bounds of a task's metrics that a constant prediction does not pass.
        sample: The data set of a task.
        homepage: Where to read more.
    """

    id: Identifier
    family: Identifier
    title: Line
    summary: Line
    order: int
    class_name: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]*$")] | None = None
    tasks: Annotated[tuple[Identifier, ...], Field(min_length=1)] | None = None
    withheld: Line | None = None
    requires: tuple[Need, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    provides: tuple[Identifier, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    dev_dependencies: tuple[Dependency, ...] = ()
    imports: tuple[ImportName, ...] = ()
    untyped: tuple[ImportName, ...] = ()
    environment: tuple[Variable, ...] = ()
    files: tuple[Pattern, ...] = ()
    gitignore: tuple[Line, ...] = ()
    ci: tuple[Line, ...] = ()
    place: Annotated[dict[Identifier, Line], Field(min_length=1)] | None = None
    opens: bool = False
    registry: ImportName | None = None
    explainer: ImportName | None = None
    quick: tuple[Line, ...] = ()
    starts: bool = False
    endless: bool = False
    step: Step | None = None
    metrics: tuple[ImportName, ...] = ()
    splitters: dict[Identifier, ImportName] = Field(default_factory=dict)
    thresholds: dict[str, dict[Literal["min", "max"], float]] = Field(default_factory=dict)
    sample: Sample | None = None
    homepage: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]

    @property
    def sort_key(self) -> tuple[int, str]:
        """Where the entry stands in its family."""
        return (self.order, self.id)
