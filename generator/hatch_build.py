"""Puts the template into what is built: a git bundle of this repository, history included.

The wheel then renders projects offline, and Copier finds in it the versions that it needs.
"""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_PLACES = {"sdist": "generator/overture/template.bundle", "wheel": "overture/template.bundle"}


class BundleHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own is not generic at run time
    """Adds `template.bundle` to wheels and source distributions."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the bundle; an editable installation reads the checkout instead.

        Args:
            version: `standard` or `editable`.
            build_data: What hatchling will build; the bundle is added to it.
        """
        if version == "editable":
            return
        # An unpacked source distribution holds the bundle and no history.
        bundle = Path(self.root, _PLACES["sdist"])
        if not bundle.is_file():
            self._folder = TemporaryDirectory(prefix="overture-bundle-")
            bundle = Path(self._folder.name, "template.bundle")
            _make(Path(self.root), bundle)
        build_data["force_include"][str(bundle)] = _PLACES[self.target_name]

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the bundle that was made."""
        del version, build_data, artifact_path
        if hasattr(self, "_folder"):
            self._folder.cleanup()


def _make(root: Path, bundle: Path) -> None:
    """Bundle the current branch and every tag of a repository."""

    def git(*words: str) -> str:
        command = ["git", "-C", str(root), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            message = f"the template cannot be bundled; build from a full clone: {done.stderr}"
            raise RuntimeError(message)
        return done.stdout.strip()

    if Path(git("rev-parse", "--show-toplevel")).resolve() != root.resolve():
        message = "the template cannot be bundled: build from a clone or a source distribution"
        raise RuntimeError(message)
    branch = git("branch", "--show-current")
    git("bundle", "create", "--quiet", str(bundle), "HEAD", *([branch] if branch else []), "--tags")
