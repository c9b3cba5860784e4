"""The data of a W&B account: projects, runs, and artifacts with aliases.

Attributes have the names of the schema's fields in snake case.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from contracts.wandb_nodes import Entity, File, Node, page


@dataclass(eq=False)
class Run(Node):
    """A run and its streamed data."""

    name: str
    project: "Project"
    config: str = "{}"
    summary: str = "{}"
    history: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    logged: list["Artifact"] = field(default_factory=list)
    exit_code: int | None = None
    display_name: str | None = None
    sweep_name: None = None
    history_line_count: int = 0


@dataclass(eq=False)
class Artifact(Node):
    """An artifact, which becomes a version of its collection when committed."""

    artifact_sequence: "Sequence"
    digest: str
    wanted: tuple[str, ...]
    metadata: str | None = None
    state: Literal["PENDING", "COMMITTED"] = "PENDING"
    version_index: int | None = None
    names: set[str] = field(default_factory=set)
    files: list[File] = field(default_factory=list)
    manifest: File | None = None
    digest_algorithm: str = "MANIFEST_MD5"
    commit_hash: str = ""
    history_step: None = None
    tags: tuple[()] = ()
    ttl_duration_seconds: int = -2  # inherited from the collection
    ttl_is_inherited: bool = True

    @property
    def artifact_type(self) -> "Type":
        return self.artifact_sequence.default_artifact_type

    @property
    def current_manifest(self) -> Any:
        return {"id": self.id, "file": self.manifest}

    @property
    def file_count(self) -> int:
        return len(self.files)

    @property
    def size(self) -> int:
        return sum(len(each.content or b"") for each in self.files)

    @property
    def version(self) -> str:
        return f"v{self.version_index}"

    @property
    def aliases(self) -> list[Any]:
        return [
            {"id": name, "alias": name, "artifactCollection": self.artifact_sequence}
            for name in sorted(self.names)
        ]

    def commit(self) -> None:
        """Create a version, if all files of the manifest were uploaded."""
        assert self.manifest
        assert self.manifest.content, "no manifest has come"
        named = json.loads(self.manifest.content)["contents"]
        came = {each.name: each.md5 for each in self.files if each.content is not None}
        assert came == {name: each["digest"] for name, each in named.items()}, "files are missing"
        versions = self.artifact_sequence.versions
        self.state, self.version_index = "COMMITTED", len(versions)
        versions.append(self)
        self.artifact_sequence.point(self, self.wanted)


@dataclass(eq=False)
class Sequence(Node):
    """A collection of versions of an artifact."""

    __typename: ClassVar[str] = "ArtifactSequence"  # resolves the interface of the schema

    name: str
    project: "Project"
    default_artifact_type: "Type"
    versions: list[Artifact] = field(default_factory=list)
    tags: Any = field(default_factory=lambda: page([]))

    @property
    def latest_artifact(self) -> Artifact | None:
        return self.versions[-1] if self.versions else None

    def artifacts(self, first: int, after: str | None = None, **_: Any) -> Any:
        newest = reversed(self.versions)
        return page(({"version": each.version, "node": each} for each in newest), first, after)

    def artifact_membership(self, alias_name: str) -> "Membership | None":
        for each in self.versions:
            if alias_name in {*each.names, each.version}:
                return Membership(each)
        return None

    def point(self, artifact: Artifact, names: Iterable[str]) -> None:
        """Move aliases to a version."""
        for each in self.versions:
            each.names -= set(names)
        artifact.names |= set(names)


@dataclass(eq=False)
class Membership(Node):
    """The membership of a version in its collection."""

    artifact: Artifact

    @property
    def version_index(self) -> int | None:
        return self.artifact.version_index

    @property
    def aliases(self) -> list[Any]:
        return self.artifact.aliases

    @property
    def artifact_collection(self) -> Sequence:
        return self.artifact.artifact_sequence

    def files(self, first: int, after: str | None = None) -> Any:
        return page(({"node": each} for each in self.artifact.files), first, after)


@dataclass(eq=False)
class Type(Node):
    """A type of artifacts in a project."""

    name: str
    collections: dict[str, Sequence] = field(default_factory=dict)

    def artifact_collection(self, name: str) -> Sequence | None:
        return self.collections.get(name)


@dataclass(eq=False)
class Project(Node):
    """A project with runs, and artifacts by type."""

    name: str
    entity: Entity
    runs: dict[str, Run] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)

    @property
    def internal_id(self) -> str:
        return self.id

    def artifact_type(self, name: str) -> Type | None:
        return self.types.get(name)

    def artifact_collection(self, name: str) -> Sequence | None:
        found = (each.artifact_collection(name) for each in self.types.values())
        return next(filter(None, found), None)

    def artifact_collection_membership(self, name: str) -> Membership | None:
        collection, _, alias = name.partition(":")
        sequence = self.artifact_collection(collection)
        return sequence.artifact_membership(alias) if sequence else None

    def artifact(self, name: str) -> Artifact | None:
        membership = self.artifact_collection_membership(name)
        return membership.artifact if membership else None
