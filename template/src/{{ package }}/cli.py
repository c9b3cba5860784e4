"""The command line. Heavy libraries are imported only by the commands that need them."""

import argparse
import sys
import traceback
from collections.abc import Sequence

from .concealing import conceal, concealed
from .ending import end_quickly, terminable

# 70 is EX_SOFTWARE of sysexits.h; a process ended by a signal exits with 128 plus its number.
OK, NOT_GOOD_ENOUGH, BAD_INPUT, DEFECT, INTERRUPTED = 0, 1, 2, 70, 130
SCHEMAS = f"{__package__}.schemas."  # the modules of the data contracts


@concealed()
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The arguments; by default, those of the process.

    Returns:
        0 on success, 1 if a threshold is not met, 2 if the input is invalid, 70 after a defect,
        with its traceback, 130 if interrupted; SIGTERM exits with 143.
    """
    given = _parser().parse_args(arguments)
    end_quickly()
    try:
        with terminable():
            return int(given.command(given))
    except KeyboardInterrupt:
        print("interrupted: what was not whole is gone", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        from .errors import ProjectError
        from .room import limit

        if isinstance(error, ImportError) and str(error.name).startswith(SCHEMAS):
            error = ProjectError(f"{error.path}: {error.msg}: restore or complete the contract")
        error = limit(error) or error
        if not isinstance(error, ProjectError):
            traceback.print_exc()
            return DEFECT
        for line in conceal(str(error)).splitlines():
            print(f"error: {line}", file=sys.stderr)
        return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Run the jobs of this project.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="run the job or pipeline of configuration files")
    run.add_argument(
        "words",
        nargs="+",
        metavar="FILE | KEY=VALUE",
        help="YAML files, merged from left to right, and settings that override them;"
        " `latest` in a path is the newest run there",
    )
    run.set_defaults(command=_run)

    schema = commands.add_parser("schema", help="print the JSON Schema of configurations")
    schema.add_argument("--output", metavar="FILE", help="write it to this file instead")
    schema.set_defaults(command=_schema)

    infer = commands.add_parser(
        "infer-schema", help="print the data contract that every row of a table meets"
    )
    infer.add_argument(
        "data",
        metavar="FILE",
        help="a table whose kind its suffix names, or a configuration that states one as `data`",
    )
    infer.add_argument("target", metavar="TARGET", help="the column to predict")
    infer.add_argument(
        "--output", metavar="FILE", help="write it to this file, once it is complete, instead"
    )
    infer.set_defaults(command=_infer)

    kinds = commands.add_parser("list", help="list the kinds that a configuration can use")
    kinds.set_defaults(command=_list)
    return parser


def _run(given: argparse.Namespace) -> int:
    """Run a job or a pipeline, and print the result."""
    import logging

    from .config.statement import carry_out, read
    from .pipelines.pipeline import STATEMENT

    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    logging.getLogger(__package__).setLevel(logging.INFO)
    finished = carry_out(read(given.words), STATEMENT)
    if finished is None:
        return OK

    record = finished.record
    print(f"{record.job} finished in {record.seconds:.1f} s")
    shown = {
        name: "undefined" if value is None else f"{value:.6g}"
        for name, value in record.metrics.items()
    }
    shown |= record.artifacts
    shown |= {"report": str(finished.folder / "report.html"), "run": str(finished.folder)}
    width = max(map(len, shown))
    for name, value in shown.items():
        print(f"  {name:<{width}}  {value}")
    for failure in record.failures:
        print(f"not good enough: {failure}", file=sys.stderr)
    return NOT_GOOD_ENOUGH if record.failures else OK


def _schema(given: argparse.Namespace) -> int:
    """Print the JSON Schema of configurations, or write it to a file."""
    import json

    from .config.schema import json_schema
    from .pipelines.pipeline import STATEMENT

    _write(json.dumps(json_schema(STATEMENT), indent=2) + "\n", given.output, "the JSON Schema")
    return OK


def _infer(given: argparse.Namespace) -> int:
    """Print the data contract of a table, or write it to a file."""
    from .declaration import code
    from .inferring import infer, read

    dataset = read(given.data)
    text = code(infer(dataset, given.target), dataset.location)
    _write(text, given.output, "the data contract")
    return OK


def _write(text: str, output: str | None, name: str) -> None:
    """Print a text, or write it to a file and say so."""
    from .files import new_file
    from .location import location

    if not output:
        print(text, end="")
        return
    with new_file(location(output)) as aside:
        aside.write_text(text, encoding="utf-8")
    print(f"{name} is in {output}")


def _list(_: argparse.Namespace) -> int:
    """List every kind, by family, with the first line of its docstring."""
    from .config.kinds import kinds
    from .pipelines import pipeline  # noqa: F401  (it is a kind)

    for family, members in kinds().items():
        print(family)
        width = max(map(len, members))
        for name, member in members.items():
            summary = (member.__doc__ or "").partition("\n")[0]
            print(f"  {name:<{width}}  {summary}")
    return OK
