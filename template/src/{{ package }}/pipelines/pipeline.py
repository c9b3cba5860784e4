"""Pipelines: jobs in sequence, each of which may use the results of earlier ones."""

import logging
from collections.abc import Mapping
from functools import partial
from math import nan
from typing import Annotated, Literal

import pyarrow as pa
from pydantic import Field, StringConstraints, TypeAdapter

from ..concealing import resolve
from ..config.load import Configuration
from ..config.statement import carry_out, is_setting, read
from ..config.validate import validate
from ..datasets.base import Dataset
from ..errors import ProjectError
from ..jobs import AnyJob
from ..jobs.base import Job
from ..location import Location, location
from ..runs.context import RunContext, recorded
from ..runs.run import FinishedRun, Run, perform
from ..strategy import ByKind, Strategy
from .plan import NO_RUN, SETTINGS, plan
from .steps import Kept, change, fill, look, of_step

logger = logging.getLogger(__name__)

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][\w-]*$")]
Words = Annotated[tuple[str, ...], Field(min_length=1)]


class Pipeline(Strategy):
    """Run jobs in sequence, and after a failure resume where it failed.

    A step is stated as the arguments of the command `run`: files and settings. In them, and in the
    files, `${steps.NAME.artifacts.NAME}`, `.metrics.NAME`, `.folder` and `.run_id` refer to what an
    earlier step recorded.

    Attributes:
        kind: `pipeline`.
        steps: The arguments of each step, by its name, in order.
        settings: Settings of every step, which override its own.
        output: The folder of the pipeline's own runs.
    """

    kind: Literal["pipeline"] = "pipeline"
    steps: dict[Name, Words] = Field(min_length=1)
    settings: tuple[str, ...] = ()
    output: Location = location("runs")

    def run(self, context: RunContext | None = None) -> FinishedRun:
        """Run the steps, and record the run of each.

        Args:
            context: The stated configuration.

        Raises:
            ProjectError: If a step is invalid, before any is run; or if the input of one is
                invalid, and then the steps before it are not run again next time.
        """
        context = context or RunContext()
        config = recorded(self.model_dump(mode="json"), context.stated)
        kept = Kept(self.output / ".pipelines" / f"{plan(self.steps, self.settings)}.json")
        finished = perform(self.kind, self.output, config, partial(self._work, kept))
        if not finished.record.failures:
            kept.forget()
        return finished

    def _work(self, kept: Kept, run: Run) -> None:
        """Run the steps that have not succeeded before, and add the results of all to the run."""
        ended: dict[str, FinishedRun] = {}
        rows = []
        goes_on = True
        for name in self.steps:
            label = f"step {len(ended) + 1} of {len(self.steps)}, {name}"
            known = self._find(kept, name, ended) if goes_on else None
            goes_on = known is not None
            logger.info("%s%s", label, f": done before, in {known.folder}" if known else "")
            finished = known or self._do(name, ended, run.place.name)
            ended[name] = finished
            record = finished.record
            rows.append(
                {
                    "step": name,
                    "job": record.job,
                    "run": str(finished.folder),
                    "seconds": record.seconds,
                    "done": "before" if known else "now",
                }
            )
            for key, value in record.metrics.items():
                run.metrics[f"{name}.{key}"] = nan if value is None else value
            run.artifacts |= {f"{name}.{key}": path for key, path in record.artifacts.items()}
            if record.failures:
                run.failures += [f"{name}: {failure}" for failure in record.failures]
                break
            if known is None:
                kept.keep(ended)
        run.tables["Steps"] = pa.Table.from_pylist(rows)

    def _find(self, kept: Kept, name: str, ended: Mapping[str, FinishedRun]) -> FinishedRun | None:
        """Return the earlier run of a step, unless its inputs have changed since."""
        try:
            job = validate(self._read(name, ended))
        except ProjectError:
            return None
        return kept.find(name, [part for _, part in job if isinstance(part, Dataset)])

    def _do(self, name: str, ended: Mapping[str, FinishedRun], parent: str) -> FinishedRun:
        """Run a step, which records the run of the pipeline as its parent."""
        adapter: TypeAdapter[Job] = TypeAdapter(AnyJob)
        try:
            finished = carry_out(self._read(name, ended), adapter, parent)
        except ProjectError as error:
            goes_on = f"the same command goes on at '{name}'" if ended else ""
            raise of_step(name, error, goes_on) from error
        if finished is None:
            raise of_step(name, ProjectError(NO_RUN))
        return finished

    def _read(self, name: str, ended: Mapping[str, FinishedRun]) -> Configuration:
        """Return the configuration of a step, with the values that its references refer to."""
        new = partial(fill, look=partial(look, finished=ended))
        words = (*self.steps[name], *self.settings)
        filled = [word if is_setting(word) else resolve(str(new(word))) for word in words]
        return read(filled, partial(change, new=new), SETTINGS)


STATEMENT: TypeAdapter[Job | Pipeline] = TypeAdapter(Annotated[AnyJob | Pipeline, ByKind()])
