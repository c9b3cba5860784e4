"""Write the versions that the gate installs: the newest compatible ones.

Two files contain names and versions, without their origin: `constraints.txt` for the tools of this
repository, `tests/projects/pins.txt` for projects with every component.
"""

import re
import tempfile
from pathlib import Path

from environments import PINS, clean, newest, uv
from rendering import ROOT, copy_template, render, run
from selections import everything

TOOLS = ROOT / "constraints.txt"
HEAD = (
    "# What development and continuous integration install; the package itself states lower bounds"
    " only.\n"
)


def pins(printed: str) -> str:
    """Return the lines of a listing that pin a version, without local version labels."""
    lines = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^+\s;]+)", printed, re.MULTILINE)
    return "".join(f"{name.lower()}=={version}\n" for name, version in sorted(set(lines)))


def main() -> None:
    """Resolve and write both files."""
    words = ("--group", "dev", "--no-header", "--no-annotate", "--universal", "pyproject.toml")
    printed = run(uv(), "pip", "compile", "--quiet", *words, cwd=ROOT, env=clean())
    TOOLS.write_text(f"{HEAD}{pins(printed)}uv=={version()}\n", encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        template = copy_template(Path(folder) / "template")
        project = render(template, everything(), Path(folder) / "project")
        python = newest(project)
        printed = run(uv(), "pip", "freeze", "--python", python, cwd=ROOT, env=clean())
    PINS.write_text(pins(printed), encoding="utf-8")


def version() -> str:
    """Return the version of uv, which the Makefile installs first."""
    return run(uv(), "--version", cwd=ROOT).split()[1]


if __name__ == "__main__":
    main()
