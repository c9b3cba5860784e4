"""The queries and mutations of a W&B account."""

from collections.abc import Mapping
from typing import Any

from contracts.wandb_nodes import Entity, File
from contracts.wandb_state import Artifact, Project, Run, Sequence, Type

OWNER = "a-team"

Input = Mapping[str, Any]


class RefusedError(Exception):
    """A valid request that is denied."""


class Account:
    """In-memory projects; methods have the names of the schema's fields in snake case.

    Attributes:
        is_full: Whether the storage rejects further files.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.is_full = False
        self.owner = Entity(OWNER)
        self.projects: dict[str, Project] = {}
        self.artifacts: dict[str, Artifact] = {}
        self.files: dict[str, File] = {}

    def viewer(self) -> Any:
        person = {"id": "a-user", "name": "Someone", "username": "someone"}
        none: dict[str, Any] = {"edges": []}
        known = {"email": "someone@example.org", "entity": OWNER, "flags": "{}"}
        return {**person, **known, "teams": none, "apiKeys": none}

    def server_info(self) -> Any:
        return {"features": [{"name": "ARTIFACT_DIGEST_ALGORITHM", "isEnabled": True}]}

    def entity(self, name: str) -> Entity | None:
        return self.owner if name == OWNER else None

    def organization(self, name: str) -> None:
        return None

    def project(self, name: str, entity_name: str) -> Project | None:
        return self.projects.get(name) if entity_name == OWNER else None

    def artifact(self, id: str) -> Artifact | None:  # noqa: A002  (name of the schema)
        return self.artifacts.get(id)

    def upsert_bucket(self, input: Input) -> Any:  # noqa: A002
        if input.get("entityName") not in {None, OWNER}:
            raise RefusedError("permission denied")
        name, project = input["name"], input["modelName"]
        runs = self.projects.setdefault(project, Project(project, self.owner)).runs
        inserted = name not in runs
        run = runs.setdefault(name, Run(name, self.projects[project]))
        run.config = input.get("config") or run.config
        run.display_name = input.get("displayName") or run.display_name
        return {"bucket": run, "inserted": inserted}

    def create_run_files(self, input: Input) -> Any:  # noqa: A002
        run = self._run(input)
        place = f"{self.address}/runs/{run.project.name}/{run.name}"
        files = [{"name": name, "uploadUrl": f"{place}/{name}"} for name in input["files"]]
        return {"runID": run.id, "uploadHeaders": [], "files": files}

    def create_artifact(self, input: Input) -> Any:  # noqa: A002
        run = self._run(input)
        kind, name = input["artifactTypeName"], input["artifactCollectionName"]
        of_kind = run.project.types.setdefault(kind, Type(kind))
        sequence = of_kind.collections.setdefault(name, Sequence(name, run.project, of_kind))
        aliases = tuple(each["alias"] for each in input.get("aliases") or ())
        known = [each for each in sequence.versions if each.digest == input["digest"]]
        if known:  # identical files are the same version
            artifact = known[0]
            sequence.point(artifact, aliases)
        else:
            artifact = Artifact(sequence, input["digest"], aliases, input.get("metadata"))
        self.artifacts[artifact.id] = artifact
        run.logged.append(artifact)
        return {"artifact": artifact}

    def create_artifact_manifest(self, input: Input) -> Any:  # noqa: A002
        artifact = self.artifacts[input["artifactID"]]
        artifact.manifest = self._file(artifact, input["name"], input["digest"])
        return {"artifactManifest": {"id": artifact.manifest.id, "file": artifact.manifest}}

    def create_artifact_files(self, input: Input) -> Any:  # noqa: A002
        made = []
        for each in input["artifactFiles"]:
            artifact = self.artifacts[each["artifactID"]]
            made.append(self._file(artifact, each["name"], each["md5"]))
            artifact.files.append(made[-1])
        return {"files": {"edges": [{"node": file} for file in made]}}

    def commit_artifact(self, input: Input) -> Any:  # noqa: A002
        artifact = self.artifacts[input["artifactID"]]
        artifact.commit()
        return {"artifact": artifact}

    def update_artifact(self, input: Input) -> Any:  # noqa: A002
        artifact = self.artifacts[input["artifactID"]]
        artifact.metadata = input["metadata"]
        return {"artifact": artifact}

    def add_aliases(self, input: Input) -> Any:  # noqa: A002
        artifact = self.artifacts[input["artifactID"]]
        artifact.artifact_sequence.point(artifact, [each["alias"] for each in input["aliases"]])
        return {"success": True}

    def store(self, id: str, content: bytes) -> None:  # noqa: A002
        """Store the content of a declared file."""
        if self.is_full:
            raise RefusedError("the storage is full")
        self.files[id].receive(content)

    def fetch(self, id: str) -> bytes:  # noqa: A002
        """Return the content of a file."""
        content = self.files[id].content
        if content is None:
            raise RefusedError("the file is gone")
        return content

    def _run(self, given: Input) -> Run:
        return self.projects[given["projectName"]].runs[given["runName"]]

    def _file(self, artifact: Artifact, name: str, md5: str) -> File:
        file = File(name, artifact, md5, "")
        file.direct_url = f"{self.address}/storage/{file.id}"
        self.files[file.id] = file
        return file
