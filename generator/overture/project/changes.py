"""A change of a project: computed as a value before any file of the project is touched."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Literal, TypeAlias

from overture.errors import BlockedPathError
from overture.files import File, Files, alike, read_all, unlike
from overture.git import keeps_modes, lines
from overture.project.merging import Stages, merged
from overture.project.moves import Moves
from overture.project.project import Project, Recorded
from overture.project.renderings import Rendering
from overture.template.questions import Value

Decision: TypeAlias = Literal["keep", "discard"]


@dataclass(frozen=True)
class Change:
    """What changes in the files of a project.

    Attributes:
        project: The project.
        old: The rendering that the project was made from.
        new: The rendering that it follows afterwards.
        before: The project's files that either rendering has.
        after: Those files afterwards, with conflicts marked.
        conflicts: The three sides of each file in which conflicts are marked.
        orphans: Edited files that the new rendering does not have.
        moved: The new path of files, by their old one.
        notes: Other facts that the user should know.
    """

    project: Project
    old: Rendering
    new: Rendering
    before: Files
    after: Files
    conflicts: Mapping[str, Stages]
    orphans: tuple[str, ...]
    moved: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @cached_property
    def paths(self) -> dict[str, str]:
        """What happens to each path: `A` added, `M` modified, `D` deleted or `U` in conflict."""
        found = {}
        for path in sorted({*self.before, *self.after}):
            if path in self.conflicts:
                found[path] = "U"
            elif self.before.get(path) != self.after.get(path):
                kinds = {(True, False): "D", (False, True): "A", (True, True): "M"}
                found[path] = kinds[path in self.before, path in self.after]
        return found

    @property
    def owned(self) -> frozenset[str]:
        """The files that are written once, in either rendering."""
        return self.old.owned | self.new.owned

    @cached_property
    def answers(self) -> dict[str, tuple[Value | None, Value | None]]:
        """The former and the new answer of each question whose answer changes."""
        old, new = self.old.answers, self.new.answers
        keys = [*old, *(key for key in new if key not in old)]
        pairs = {key: (old.get(key), new.get(key)) for key in keys}
        return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}

    @property
    def recorded(self) -> Recorded:
        """What the answers file records afterwards."""
        name = self.project.answers_file
        return Recorded.parse(self.after[name].content, name)


def compute_change(
    project: Project,
    old: Rendering,
    new: Rendering,
    moves: Moves,
    decision: Decision = "keep",
) -> Change:
    """Compute how a project changes when it follows another rendering.

    The result is that of Copier's update, except where that would lose something: edits of files
    that the template no longer has are kept or discarded as decided, edits of moved files follow
    them, an edited binary file is kept, and an owned file that was deleted stays deleted.

    Args:
        project: The project.
        old: The rendering that the project was made from.
        new: The rendering to follow.
        moves: The new path of files, by their old one.
        decision: What becomes of edited files that the new rendering does not have.

    Raises:
        BlockedPathError: If a folder of the user is in the place of a file to write, or a link
            leads elsewhere, or the repository holds a file that is not checked out.
    """
    paths = sorted({*old.files, *new.files, *moves.own, *moves.own.values()})
    _check_folders(project, paths)
    found = read_all(project.root, paths)
    _check_checkout(project, [path for path in paths if path not in found])
    before = alike(found, {**new.files, **old.files}, modes=keeps_modes(project.root))
    moved = {
        source: target
        for source, target in moves.managed.items()
        if source in old.files and source not in new.files
        if target in new.files and target not in {*old.files, *before}
    }
    orphans = tuple(
        path
        for path in old.files
        if path not in {*new.files, *moved} and before.get(path, old.files[path]) != old.files[path]
    )
    moved |= moves.own
    after = {path: before[path] for path in orphans if decision == "keep"}
    after |= {target: before[source] for source, target in moves.own.items()}
    origins = {target: source for source, target in moved.items()}
    sides: dict[str, Stages] = {}
    notes = [
        f"{source} is your file, and moves with its package: {target}"
        for source, target in moves.own.items()
    ]
    for path, theirs in new.files.items():
        origin = origins.get(path, path)
        base, ours = old.files.get(origin), before.get(origin)
        if path == project.answers_file or (base is None and ours is None):
            after[path] = theirs
        elif ours is None:  # deleted by the user
            continue
        elif path in new.owned and (origin == path or base is None):
            after[path] = ours
        elif ours == base or theirs in {base, ours}:
            after[path] = theirs if ours == base else ours
        elif any(file.is_binary for file in (base, ours, theirs) if file):
            after[path] = ours
            notes.append(f"{path} is binary and was changed on both sides: your version is kept.")
        else:
            sides[path] = Stages(base or File(b""), ours, theirs)
    result = merged(sides)
    after |= result.files
    for path, file in after.items():
        origin = origins.get(path, path)
        if origin in found:
            after[path] = unlike(file, found[origin], before[origin])
    made = Change(project, old, new, found, after, result.conflicts, orphans, moved, tuple(notes))
    _check_links(project, made.paths)
    return made


def _check_folders(project: Project, paths: Iterable[str]) -> None:
    """Refuse a folder in the place of a file, and a file in the place of a folder."""
    for path in paths:
        place = project.root / path
        if place.is_dir():
            message = f"{path} is a folder of yours, and the template has a file of that name"
            raise BlockedPathError(message, "Move it, commit that, and try again.")
        for parent in _above(project, place):
            if parent.is_file():
                there = parent.relative_to(project.root)
                message = f"{there} is a file of yours, and the template has a folder of that name"
                raise BlockedPathError(message, "Move it, commit that, and try again.")


def _above(project: Project, place: Path) -> Iterator[Path]:
    """Return the folders of a project above a path."""
    return takewhile(lambda parent: parent != project.root, place.parents)


def _check_checkout(project: Project, absent: Iterable[str]) -> None:
    """Refuse files that are missing because they are not checked out, rather than deleted."""
    if not (wanted := {*absent}):
        return
    tagged = lines("ls-files", "-t", "-z", cwd=project.root)
    if hidden := sorted(wanted & {name[2:] for name in tagged if name.startswith("S ")}):
        message = f"not checked out, though the repository has them: {', '.join(hidden)}"
        raise BlockedPathError(message, "Check them out: git sparse-checkout disable")


def _check_links(project: Project, paths: Iterable[str]) -> None:
    """Refuse to write or to remove a link or its target."""
    for path in paths:
        place = project.root / path
        for part in (place, *_above(project, place)):
            if part.is_symlink():
                link = part.relative_to(project.root)
                message = f"{link} is a symbolic link, and the change would write or remove {path}"
                raise BlockedPathError(message, "Replace it with its target, and commit that.")
