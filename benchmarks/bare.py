"""Serves a model with a bare FastAPI handler, for comparison with the generated service.

`serving.py` runs it in the environment of a project: `python bare.py (def|async) MODEL PORT`. The
handlers are plain functions, which FastAPI runs in its thread pool, or coroutines, which block its
event loop while they predict.
"""

import sys
from pathlib import Path

import pyarrow as pa
import uvicorn
from fastapi import FastAPI
from ml_project.models import artifact
from pydantic import BaseModel

NUMBERS = (
    "age",
    "bmi",
    "blood_pressure",
    "cholesterol",
    "ldl",
    "hdl",
    "cholesterol_ratio",
    "triglycerides_log",
    "glucose",
)
SCHEMA = pa.schema({"sex": pa.string()} | dict.fromkeys(NUMBERS, pa.float64()))


class Row(BaseModel):
    age: float | None
    sex: str | None
    bmi: float | None
    blood_pressure: float | None
    cholesterol: float | None
    ldl: float | None
    hdl: float | None
    cholesterol_ratio: float | None
    triglycerides_log: float | None
    glucose: float | None


class Rows(BaseModel):
    rows: list[Row]


class Prediction(BaseModel):
    prediction: float


class Predictions(BaseModel):
    predictions: list[Prediction]


def main(way: str, model: str, port: str) -> None:
    """Load the model once, and serve it."""
    predictor = artifact.load(Path(model)).predictor
    app = FastAPI()

    def predicted(rows: list[Row]) -> list[Prediction]:
        table = pa.Table.from_pylist([row.model_dump() for row in rows], SCHEMA)
        return [Prediction(prediction=value) for value in predictor.predict(table).tolist()]

    def one(row: Row) -> Prediction:
        return predicted([row])[0]

    def many(body: Rows) -> Predictions:
        return Predictions(predictions=predicted(body.rows))

    async def one_at_once(row: Row) -> Prediction:
        return one(row)

    async def many_at_once(body: Rows) -> Predictions:
        return many(body)

    app.post("/predict")(one if way == "def" else one_at_once)
    app.post("/predict/many")(many if way == "def" else many_at_once)
    uvicorn.run(app, port=int(port), log_config=None, access_log=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
