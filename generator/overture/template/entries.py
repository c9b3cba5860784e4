"""What every entry of the catalogue may state, as models."""

from typing import Annotated, Self

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
Part = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)*$")]
EnvironmentName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
RecipeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
DebianPackage = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9+.-]+$")]
Ecosystem = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$")]
Extension = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")]
Feature = Annotated[str, StringConstraints(pattern=r"^[a-z0-9./-]+:[0-9]+$")]


class Stated(BaseModel):
    """A base of catalogue models: frozen, without additional fields."""

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
        """The name of the required component, family or capability."""
        return self.component or self.family or self.capability or ""


class Conflict(Stated):
    """A component that cannot be chosen beside the entry, and why."""

    component: Identifier
    reason: Line


class Variable(Stated):
    """An environment variable that the component reads."""

    name: EnvironmentName
    description: Line


class Recipe(Stated):
    """A recipe that the component adds to the project's `justfile`.

    Attributes:
        does: What it does, as a sentence.
        commands: Its commands, which run in the project's environment; `{project}` is the name of
            the project in lower case, and `"$@"` the further words of the command line.
    """

    does: Line
    commands: Annotated[tuple[Line, ...], Field(min_length=1)]


class Service(Stated):
    """A server that a component connects to, or that another server needs, as a container.

    Attributes:
        image: The container image, with a tag.
        command: The arguments of the image's entry point.
        environment: The container's environment variables; `${NAME:?}` takes one from `.env`.
        needs: Other servers of the component that must be ready before it starts.
        port: The port on which it listens, in the container and on 127.0.0.1; none if only other
            servers connect to it.
        data: The folder of the container that must survive a restart.
        health: A command in the container that succeeds once the server is ready.
        setting: The setting of the project that names this server, if it has a port.
        file: The file in which it is set.
    """

    image: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9./-]*:[A-Za-z0-9._-]+$")]
    command: tuple[Line, ...] = ()
    environment: dict[EnvironmentName, Line] = Field(default_factory=dict)
    needs: tuple[Identifier, ...] = ()
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    data: Annotated[str, StringConstraints(pattern=r"^/[a-z0-9/_-]+$")] | None = None
    health: tuple[Line, ...] = ()
    setting: Line | None = None
    file: Line | None = None


class Entry(Stated):
    """One component of the catalogue; families whose components state more have their own model.

    Attributes:
        id: Its name, unique in the catalogue and forever.
        family: The family, which is also the question that selects it.
        title: Its display name.
        summary: One line that says what it is.
        order: Its position in its family; the id decides between equals.
        class_name: The class that implements it, if it is a strategy.
        tasks: The tasks that it supports; absent if tasks do not concern it.
        withheld: Why it is listed, but cannot be chosen in this version.
        requires: What must be chosen too.
        conflicts: What cannot be chosen beside it.
        provides: Capabilities that others may require.
        dependencies: Requirements that it adds to the project.
        dev_dependencies: Requirements that it adds to the project's development.
        imports: Import names of the dependencies.
        untyped: Import names, of its dependencies or its tests, that ship no types.
        environment: Environment variables that it reads.
        system: Debian packages that its libraries load and that a slim image lacks.
        services: Servers that it connects to, by name, for a developer's machine.
        uses: Parts of the template that it shares with other components, such as `models/neural`:
            each is rendered while a chosen component uses it.
        files: Files that it owns, in addition to those named after it.
        with_: Files that it owns together with another component, by that component's id; `with`
            in a catalogue file.
        gitignore: Patterns for the project's .gitignore.
        recipes: Recipes that it adds to the project's `justfile`, by name.
        checks: Those of its recipes that the recipe `check` includes.
        ci: Those of its recipes that continuous integration runs.
        artifacts: Files written by these recipes, which continuous integration keeps.
        updates: Ecosystems, by the names of Dependabot, that its files depend on.
        extensions: Extensions of VS Code for its files.
        features: Features that it needs in a dev container, with their options.
        homepage: Where to read more.
    """

    model_config = ConfigDict(serialize_by_alias=True, defer_build=True)

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
    system: tuple[DebianPackage, ...] = ()
    services: dict[Identifier, Service] = Field(default_factory=dict)
    uses: tuple[Part, ...] = ()
    files: tuple[Pattern, ...] = ()
    with_: dict[Identifier, tuple[Pattern, ...]] = Field(default_factory=dict, alias="with")
    gitignore: tuple[Line, ...] = ()
    recipes: dict[RecipeName, Recipe] = Field(default_factory=dict)
    checks: tuple[RecipeName, ...] = ()
    ci: tuple[RecipeName, ...] = ()
    artifacts: tuple[Pattern, ...] = ()
    updates: tuple[Ecosystem, ...] = ()
    extensions: tuple[Extension, ...] = ()
    features: dict[Feature, dict[Identifier, bool | str]] = Field(default_factory=dict)
    homepage: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]

    @model_validator(mode="after")
    def _includes_own_recipes(self) -> Self:
        if others := sorted({*self.checks, *self.ci} - {*self.recipes}):
            message = f"it states no recipe {', '.join(others)}"
            raise ValueError(message)
        return self

    @property
    def recipe_names(self) -> set[str]:
        """The names of the recipes that it adds."""
        return {*self.recipes}

    @property
    def sort_key(self) -> tuple[int, str]:
        """The position of the entry in its family."""
        return (self.order, self.id)
