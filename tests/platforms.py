"""Offline checks of files that a platform reads."""

from pathlib import Path

from rendering import run


def validate(kind: str, *paths: str | Path, project: Path) -> None:
    """Validate files against a schema that check-jsonschema contains."""
    run("check-jsonschema", "--builtin-schema", f"vendor.{kind}", *paths, cwd=project)


def audit(*paths: str | Path, project: Path) -> None:
    """Check the security of files of GitHub by the strictest rules of zizmor."""
    run("zizmor", "--offline", "--persona=pedantic", *paths, cwd=project)
