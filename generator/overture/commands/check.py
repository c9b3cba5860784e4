"""`overture check`: whether a project is sound and current."""

from collections.abc import Sequence

from overture.commands import FOUND
from overture.commands.arguments import print_json
from overture.commands.changing import edited_answers
from overture.commands.project_options import ChangeOptions, project_parser
from overture.project.health import Health, errors, examined
from overture.project.project import Project


class CheckOptions(ChangeOptions):
    """The options of `check`."""

    strict: bool


def main(arguments: Sequence[str]) -> int:
    """Check a project: 0 if it is sound, 1 if not; with `--strict`, warnings count too."""
    made = project_parser("check")
    made.add_argument(
        "--strict", action="store_true", help="fail if it is behind, or differs from the template"
    )
    options = made.parse_args(arguments, CheckOptions())
    project = Project.find(options.project)
    edited = None if project.recorded.intact else edited_answers(project)
    health = examined(project, edited)
    wrong = health.findings if options.strict else errors(health.findings)
    if options.json:
        print_json(
            {
                "project": str(project.root),
                "version": health.version,
                "newest": health.newest,
                "sound": not errors(health.findings),
                "current": not any(item.kind == "behind" for item in health.findings),
                "findings": [vars(item) for item in health.findings],
            }
        )
    else:
        print(report(project, health))
    return FOUND if wrong else 0


def report(project: Project, health: Health) -> str:
    """Return what was found, for a person."""
    newest = f"; the newest is {health.newest}" if health.newest else ""
    lines = [f"{project.root.name} follows {health.version}{newest}."]
    for finding in health.findings:
        lines += ["", f"{finding.severity} ({finding.kind}): {finding.message}"]
        if finding.kind in {"drifted", "ignored"}:
            lines += [f"  {path}" for path in finding.paths]
        lines += [f"  {line}" for line in finding.remedy.splitlines()]
    if not health.findings:
        lines.append("Nothing is wrong, and no file differs from what the template rendered.")
    return "\n".join(lines)
