"""New projects: planned as values, and then created in one step."""

import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import yaml

from overture.errors import RenderingError
from overture.project.command_lines import copier_copy, overture_new_of
from overture.project.history import History, commit, start_history
from overture.project.locking import Lock
from overture.project.locking import lock as make_lock
from overture.project.project import Project
from overture.project.renderings import keep
from overture.project.writing import check_target, has_history, place, staged
from overture.template.answers import check_keys
from overture.template.interview import Answers, Outcome
from overture.template.selection import Refused, nearest_valid
from overture.template.template import Template


@dataclass(frozen=True)
class NewProject:
    """What a new project consists of.

    Attributes:
        target: The folder that will hold the project.
        template: The template that Copier records.
        version: The template's version that Copier records; none without history.
        answers: The answers that Copier records.
        files: The paths of its files.
        owned: Those of the files that are written once, and then belong to the user.
        dependencies: Its dependencies.
        dev_dependencies: The further dependencies of its development.
        copier: The `copier` command that makes the same project.
    """

    target: str
    template: str
    version: str | None
    answers: Answers
    files: tuple[str, ...]
    owned: tuple[str, ...]
    dependencies: tuple[str, ...]
    dev_dependencies: tuple[str, ...]
    copier: str

    @classmethod
    def of(cls, rendered: Path, request: "Request") -> Self:
        """Describe a rendered project.

        Args:
            rendered: The folder that holds the rendered project.
            request: What it was rendered from.

        Raises:
            RenderingError: If it has no answers file or no `pyproject.toml`.
        """
        source = request.template.source
        try:
            recorded = yaml.safe_load((rendered / ".copier-answers.yml").read_bytes())
            declared = tomllib.loads((rendered / "pyproject.toml").read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError) as error:
            message = f"{source.url} renders no project that Overture knows: {error}"
            raise RenderingError(message, "Name an Overture template.") from error
        paths = _paths(rendered)
        return cls(
            target=str(request.target),
            template=source.url,
            version=recorded.get("_commit"),
            answers={key: value for key, value in recorded.items() if not key.startswith("_")},
            files=paths,
            owned=request.template.interview.owned(paths),
            dependencies=tuple(declared.get("project", {}).get("dependencies", ())),
            dev_dependencies=tuple(declared.get("dependency-groups", {}).get("dev", ())),
            copier=copier_copy(source, request.chosen, request.target),
        )


@dataclass(frozen=True)
class Request:
    """What a new project is made from.

    Attributes:
        template: The template.
        answers: All answers.
        chosen: Those of the answers that were given, defaults apart.
        target: The folder that will hold the project.
    """

    template: Template
    answers: Answers
    chosen: Answers
    target: Path

    def preview(self) -> NewProject:
        """Render the project into a temporary folder, and describe it.

        Raises:
            RenderingError: If Copier cannot render it.
        """
        with TemporaryDirectory(prefix="overture-") as name:
            return self._render(Path(name) / "project")

    def create(self, *, git: bool = True, lock: bool = False) -> "Created":
        """Render the project and move it to its target in one step.

        Args:
            git: Whether its git history is started.
            lock: Whether uv locks its dependencies, for which it asks the package index.

        Raises:
            RenderingError: If Copier cannot render it.
            TargetError: If the target cannot be written.
        """
        source = self.template.source
        with TemporaryDirectory(prefix="overture-") as name, staged(self.target) as folder:
            project = self._render(pristine := Path(name) / "project")
            shutil.copytree(pristine, folder)
            locked = make_lock(folder) if lock else Lock("skipped")
            is_clone = has_history(self.target)
            history: History = "inside" if is_clone else "absent"
            if git and not is_clone:
                history = start_history(folder, self.target)
            place(folder, self.target)
            if git and is_clone:
                history = commit(self.target)
            if history != "absent" and source.commit is not None:
                # The rendering without what git hooks did to it.
                keep(Project.find(self.target), source, self.answers, pristine)
        return Created(project, history, locked)

    def _render(self, folder: Path) -> NewProject:
        from overture.template.rendering import render

        render(self.template.source, self.answers, folder)
        return NewProject.of(folder, self)


@dataclass(frozen=True)
class Created:
    """A project that was created, the state of its git history, and what became of its lock."""

    project: NewProject
    history: History
    lock: Lock


def create(  # noqa: PLR0913  # the options are given by keyword
    template: str | None,
    answers: Mapping[str, object],
    target: Path | str,
    *,
    ref: str | None = None,
    git: bool = True,
    lock: bool = False,
) -> Created:
    """Create a project.

    Args:
        template: A path or a git URL; by default the template that this package comes with.
        answers: The answers; the others take their defaults.
        target: The folder that will hold the project; it must not exist, or be empty except for the
            history of a repository without files.
        ref: The template's version; by default the newest.
        git: Whether the project's git history is started.
        lock: Whether uv locks its dependencies, for which it asks the package index.

    Raises:
        Refused: If the answers break the rules; it holds the closest valid selection.
        AnswersError: If an answer is given to a question that does not exist.
        TargetError: If the target cannot be used.
        SourceError: If the template cannot be read.
    """
    folder = check_target(Path(target))
    with Template.open(template, ref, folder=folder.name) as opened:
        check_keys(answers, opened.interview)
        outcome = opened.interview.resolve(answers)
        check_outcome(opened, outcome, answers)
        chosen = {key: value for key, value in outcome.answers.items() if key in answers}
        return Request(opened, outcome.answers, chosen, folder).create(git=git, lock=lock)


def check_outcome(template: Template, outcome: Outcome, given: Mapping[str, object]) -> None:
    """Validate the answers for a new project by the interview's rules.

    Raises:
        Refused: If there are refusals; it holds the closest valid selection.
    """
    if not outcome.refusals:
        return
    proposal = nearest_valid(template.interview, template.catalogue, given)
    if proposal is None or not proposal.adjustments:
        raise Refused(outcome.refusals)
    command = overture_new_of(proposal, given)
    remedy = f"The closest valid selection: {proposal}.\n  {command}"
    raise Refused(outcome.refusals, proposal, command, remedy)


def _paths(folder: Path) -> tuple[str, ...]:
    """Return the paths of all files of a project, except its git history."""
    found = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if not path.is_dir())
    return tuple(path.as_posix() for path in found if path.parts[0] != ".git")
