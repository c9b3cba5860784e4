"""`overture check`: check whether a project is sound and current."""

from collections.abc import Sequence
from pathlib import Path

from overture.commands import FOUND
from overture.commands.output import print_json
from overture.commands.project_options import ProjectOptions, project_parser
from overture.project import health
from overture.project.health import Health


class CheckOptions(ProjectOptions):
    """The options of `check`."""

    strict: bool


def main(arguments: Sequence[str]) -> int:
    """Check a project; errors are found, and with `--strict` warnings too."""
    made = project_parser("check")
    made.add_argument(
        "--strict", action="store_true", help="fail if it is behind, or differs from the template"
    )
    options = made.parse(arguments, CheckOptions())
    found = health.check(options.project)
    if options.json:
        from overture.commands.shapes import CheckData

        print_json(
            CheckData(
                found.project,
                found.version,
                found.newest,
                found.sound,
                found.current,
                found.findings,
            )
        )
    else:
        print(_text(found))
    return FOUND if not found.sound or (options.strict and found.findings) else 0


def _text(found: Health) -> str:
    newest = f"; the newest is {found.newest}" if found.newest else ""
    lines = [f"{Path(found.project).name} follows {found.version}{newest}."]
    for finding in found.findings:
        lines += ["", f"{finding.severity} ({finding.kind}): {finding.message}"]
        if finding.kind in {"drifted", "ignored"}:
            lines += [f"  {path}" for path in finding.paths]
        lines += [f"  {line}" for line in finding.remedy.splitlines()]
    if not found.findings:
        lines.append("Nothing is wrong, and no file differs from what the template rendered.")
    return "\n".join(lines)
