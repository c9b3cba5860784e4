"""`overture restore`: give deleted files of the template their rendered content again."""

from collections.abc import Sequence

from overture.commands.arguments import print_json
from overture.commands.changing import checked
from overture.commands.project_options import ChangeOptions, project_parser
from overture.errors import ProjectError
from overture.files import write
from overture.project.project import Project
from overture.project.renderings import recorded_rendering
from overture.template.source import reopened


class RestoreOptions(ChangeOptions):
    """The options of `restore`."""

    paths: list[str]


def main(arguments: Sequence[str]) -> int:
    """Write rendered files that a project has no longer.

    Raises:
        ProjectError: If the template has no such file, or the project has it.
    """
    made = project_parser("restore")
    made.add_argument("paths", nargs="+", metavar="PATH", help="a deleted file")
    options = made.parse_args(arguments, RestoreOptions(dirty=True, accept_answers=True))
    project = Project.find(options.project)
    recorded = checked(project, options)
    with reopened(recorded.template, recorded.version) as source:
        rendered = recorded_rendering(project, source, recorded)
    for path in options.paths:
        if path not in rendered.files:
            raise ProjectError(f"The template has no file {path} here.", "See: overture check")
        if (project.root / path).exists():
            message = f"{path} is there, and nothing is overwritten."
            raise ProjectError(message, "Remove it first, if that is what you want.")
    for path in options.paths:
        write(project.root / path, rendered.files[path])
    if options.json:
        print_json({"project": str(project.root), "restored": options.paths})
    else:
        print("\n".join(f"{path} is as the template rendered it." for path in options.paths))
    return 0
