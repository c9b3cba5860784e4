"""`overture restore`: restore deleted files of the template."""

from collections.abc import Sequence

from overture.commands.output import print_json
from overture.commands.project_options import ProjectOptions, project_parser
from overture.commands.shapes import RestoreData
from overture.project.restoring import restore_files


class RestoreOptions(ProjectOptions):
    """The options of `restore`."""

    paths: list[str]


def main(arguments: Sequence[str]) -> int:
    """Restore files."""
    made = project_parser("restore")
    made.add_argument("paths", nargs="+", metavar="PATH", help="a deleted file")
    options = made.parse(arguments, RestoreOptions())
    project, recorded = options.found()
    restore_files(project, recorded, options.paths)
    if options.json:
        print_json(RestoreData(str(project.root), tuple(options.paths)))
    else:
        print(
            "\n".join(f"{path} is restored as the template rendered it." for path in options.paths)
        )
    return 0
