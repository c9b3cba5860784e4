"""The request and response schemas, derived from the data contract and the model."""

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

VERSION = "model"  # the response field with the version of the model


class Body(BaseModel):
    """A request body: no extra fields, and no type coercion."""

    model_config = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True)
class Bodies:
    """The request and response models of a problem.

    Attributes:
        row: A row to predict: features, null where one may be missing, and identifiers.
        rows: Several rows.
        prediction: The prediction of a row, with its identifiers and the model's version.
        predictions: The predictions of several rows.
    """

    row: type[Body]
    rows: type[Body]
    prediction: type[BaseModel]
    predictions: type[BaseModel]


def bodies(problem: Problem, most: int) -> Bodies:
    """Return the request and response models of a problem.

    Args:
        problem: The problem of the model.
        most: The maximum number of rows in a request.

    Raises:
        ConfigurationError: If an identifier has the name of another response field.
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
            f"identifiers have the names of other response fields: {', '.join(sorted(taken))};"
            " rename them in the data contract"
        )
    one: Any = create_model("PredictedRow", **_fields(kept | predicted))
    version = Field(alias=VERSION, description="The version of the model that predicted.")
    by: Values = {"version": (str, version)}
    prediction = create_model("Prediction", __base__=one, **by)
    predictions = create_model("Predictions", predictions=(list[one], ...), **by)
    return Bodies(row, rows, prediction, predictions)


def _fields(types: Mapping[str, Any]) -> Values:
    """Return a required field for each name.

    Fields have generated names and aliases: Pydantic does not accept every column name.
    """
    named = enumerate(types.items())
    return {f"f{at}": (type_, Field(alias=name)) for at, (name, type_) in named}


def _type(column: Column) -> Any:
    """Return the type of a column's values, with the constraints of the contract."""
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
    """Convert a time to UTC without a zone, as in the data."""
    try:
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    except OverflowError as error:
        raise ValueError("in UTC it is outside the years 1 to 9999") from error
