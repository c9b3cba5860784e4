"""What requests and responses hold, as the data contract and the model have it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import numpy as np
import pyarrow as pa
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model

from ..errors import ConfigurationError
from ..schemas import SCHEMAS
from ..schemas.base import Column
from ..tasks import task_of
from ..tasks.base import Problem

Values = dict[str, Any]
Rows = list[Values]

VERSION = "model"  # what an answer calls the version of the model that predicted


class Body(BaseModel):
    """What a request holds: nothing besides its fields, and no type that is only similar."""

    model_config = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True)
class Bodies:
    """What requests and responses of one problem hold.

    Attributes:
        row: A row to predict: the features, null where one may be missing, and identifiers.
        rows: Several.
        prediction: What is predicted of a row, with its identifiers, and by which model.
        predictions: What is predicted of several.
    """

    row: type[Body]
    rows: type[Body]
    prediction: type[BaseModel]
    predictions: type[BaseModel]


def bodies(problem: Problem, most: int) -> Bodies:
    """Return what requests and responses hold.

    Args:
        problem: What is predicted from what.
        most: How many rows a request may hold.

    Raises:
        ConfigurationError: If an identifier has the name of something else in an answer.
    """
    identifiers = SCHEMAS[problem.task].identifiers
    given = {column.name: _type(column) for column in (*identifiers, *problem.features)}
    row: Any = create_model("Row", __base__=Body, **_fields(given))
    rows = create_model(
        "Rows", __base__=Body, rows=(list[row], Field(min_length=1, max_length=most))
    )
    task = task_of(problem.task)
    outputs = np.zeros((1, len(problem.classes)) if problem.classes else 1)
    predicted = {
        field.name: str if pa.types.is_string(field.type) else float | None
        for field in task.decode(outputs, problem).schema
    }
    kept = {column.name: _type(column) for column in identifiers}
    if taken := kept.keys() & {*predicted, VERSION}:
        raise ConfigurationError(
            f"identifiers have names of what an answer holds besides: {', '.join(sorted(taken))};"
            " rename them in the data contract"
        )
    one: Any = create_model("PredictedRow", **_fields(kept | predicted))
    version = Field(alias=VERSION, description="The version of the model that predicted.")
    by: Values = {"version": (str, version)}
    prediction = create_model("Prediction", __base__=one, **by)
    predictions = create_model("Predictions", predictions=(list[one], ...), **by)
    return Bodies(row, rows, prediction, predictions)


def _fields(types: Mapping[str, Any]) -> Values:
    """Return a field for each name, which may not be left out.

    The fields have names of their own: not every name of a column is one that Pydantic takes.
    """
    named = enumerate(types.items())
    return {f"f{at}": (type_, Field(alias=name)) for at, (name, type_) in named}


def _type(column: Column) -> Any:
    """Return the type of a column's values, with the rules of the contract."""
    found: Any
    match column.kind:
        case "number":
            bounds = Field(allow_inf_nan=False, ge=column.minimum, le=column.maximum)
            found = Annotated[float, bounds]
        case "category":
            found = Literal[column.categories] if column.categories else str
        case "time":
            found = Annotated[datetime, Field(strict=False), AfterValidator(_universal)]
    return found | None if column.nullable else found


def _universal(value: datetime) -> datetime:
    """Return a point in time as UTC, without a zone, as the data holds it."""
    try:
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    except OverflowError as error:
        raise ValueError("in UTC it would lie outside the years 1 to 9999") from error
