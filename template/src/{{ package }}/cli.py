"""The command line. Nothing heavy is imported before a command needs it."""

import argparse
import sys
from collections.abc import Sequence

OK, BAD_INPUT, INTERRUPTED = 0, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: Its words; by default, those of the process.

    Returns:
        0 on success, 2 if the input is not what it must be, 130 if interrupted.
    """
    given = _parser().parse_args(arguments)
    try:
        return int(given.command(given))
    except KeyboardInterrupt:
        print("interrupted: nothing was written", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        from .errors import ProjectError

        if not isinstance(error, ProjectError):
            raise
        for line in str(error).splitlines():
            print(f"error: {line}", file=sys.stderr)
        return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Run the jobs of this project.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="run the job that configuration files state")
    run.add_argument(
        "words",
        nargs="+",
        metavar="FILE | KEY=VALUE",
        help="YAML files, merged from left to right, and settings that override them",
    )
    run.set_defaults(command=_run)

    schema = commands.add_parser("schema", help="print the JSON Schema of configurations")
    schema.set_defaults(command=_schema)

    kinds = commands.add_parser("list", help="list the kinds that a configuration can name")
    kinds.set_defaults(command=_list)
    return parser


def _run(given: argparse.Namespace) -> int:
    """Run a job, and say what came of it."""
    import logging
    from pathlib import Path

    settings = [word for word in given.words if "=" in word and not Path(word).exists()]
    files = [word for word in given.words if word not in settings]

    from .config import load
    from .errors import ConfigurationError
    from .validation import validate

    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    logging.getLogger(__package__).setLevel(logging.INFO)
    configuration = load(files, settings)
    try:
        finished = validate(configuration).perform(configuration.stated)
    except ConfigurationError as error:
        origin = f"{configuration.origin(error.key)}: " if error.key else ""
        raise ConfigurationError(f"{origin}{error}") from error

    record = finished.record
    print(f"{record.job} finished in {record.seconds:.1f} s")
    shown = {
        name: "undefined" if value is None else f"{value:.6g}"
        for name, value in record.metrics.items()
    }
    shown |= record.artefacts
    shown |= {"report": str(finished.folder / "report.html"), "run": str(finished.folder)}
    width = max(map(len, shown))
    for name, value in shown.items():
        print(f"  {name:<{width}}  {value}")
    return OK


def _schema(_: argparse.Namespace) -> int:
    """Print the JSON Schema of configurations."""
    import json

    from pydantic import TypeAdapter

    from .jobs import AnyJob
    from .jobs.base import Job

    adapter: TypeAdapter[Job] = TypeAdapter(AnyJob)
    print(json.dumps(adapter.json_schema(), indent=2))
    return OK


def _list(_: argparse.Namespace) -> int:
    """List every kind, by family, with the first line of what it is."""
    from .kinds import kinds

    for family, members in kinds().items():
        print(family)
        width = max(map(len, members))
        for name, member in members.items():
            summary = (member.__doc__ or "").splitlines()[0]
            print(f"  {name:<{width}}  {summary}")
    return OK
