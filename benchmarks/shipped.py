"""Measures a framework with the shipped configuration, on a small and on a large table.

`frameworks.py` runs each step in a process of its own, in a project with every framework:
`python shipped.py fit FRAMEWORK (small|large) flights.parquet FOLDER` fits to 80% of the rows,
saves the model and tests it on the rest; `python shipped.py load …` loads the saved model and
predicts one row; `python shipped.py predict …` predicts many rows. Each prints JSON.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from flights import CATEGORIES, NUMBERS

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

SMALL = "data/diabetes.parquet"
MANY = 100_000
BOOSTED = {"n_estimators": 300, "patience": None}
NEURAL = {"epochs": 5, "patience": None, "batch_size": 1024}
LARGE: dict[str, dict[str, Any]] = {
    "sklearn": {"parameters": {"learning_rate": 0.05, "max_iter": 300, "early_stopping": False}},
    **dict.fromkeys(("xgboost", "lightgbm", "catboost"), BOOSTED),
    **dict.fromkeys(("torch", "lightning", "tensorflow", "jax"), NEURAL),
}


def data(size: str, flights: str) -> tuple[Any, Any]:
    """Return the data contract, and the table."""
    from ml_project.datasets.parquet import ParquetDataset
    from ml_project.schemas import SCHEMAS
    from ml_project.schemas.base import Schema, category, number

    schema = SCHEMAS["regression"]
    if size == "large":
        features = (*map(number, NUMBERS), *map(category, CATEGORIES))
        schema = Schema(features=features, target=number("arr_delay"))
    path = Path(flights if size == "large" else SMALL)
    return schema, ParquetDataset(path=path).table(schema.examples())


def fit(framework: str, size: str, flights: str, folder: str) -> dict[str, float]:
    """Fit with the shipped configuration, except for the numbers of rounds on the large table."""
    from ml_project.models import AnyModel
    from ml_project.models.artifact import save
    from ml_project.models.base import FitContext
    from ml_project.models.rows import Rows
    from ml_project.splitters.random import RandomSplitter
    from ml_project.tasks import task_of
    from pydantic import TypeAdapter

    schema, table = data(size, flights)
    stated = yaml.safe_load(Path(f"confs/models/{framework}.yaml").read_text(encoding="utf-8"))
    settings = stated["model"] | (LARGE[framework] if size == "large" else {})
    model = TypeAdapter(AnyModel).validate_python(settings)
    splitter = RandomSplitter()
    train, test = splitter.split(table, schema, 0)
    problem = task_of("regression").problem(schema, table[schema.target.name])
    batch = Rows.from_table(table.take(test), problem, schema).whole()
    validation = None
    if model.early_stopping:
        parts = splitter.split(table.take(train), schema, 0)
        train, validating = (train[part] for part in parts)
        validation = Rows.from_table(table.take(validating), problem, schema)
    rows = Rows.from_table(table.take(train), problem, schema)
    model.check(task_of("regression"), schema)  # imports the framework
    began = time.perf_counter()
    predictor = model.fit(rows, FitContext(validation=validation))
    seconds = time.perf_counter() - began
    save(Path(folder), model, predictor)
    error = predictor.predict(batch.features) - batch.target
    return {
        "fit": seconds,
        "rmse": float(np.sqrt(np.mean(error**2))),
        "spread": float(np.std(batch.target)),
        "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "kibibytes": sum(file.stat().st_size for file in Path(folder).iterdir()) / 1024,
    }


def load(framework: str, size: str, flights: str, folder: str) -> dict[str, float]:
    """Load the model and predict one row; the caller measures the duration of the process."""
    del framework
    from ml_project.models.artifact import load

    schema, table = data(size, flights)
    load(Path(folder)).predictor.predict(table.slice(0, 1).select(list(names(schema))))
    return {}


def predict(framework: str, size: str, flights: str, folder: str) -> dict[str, float]:
    """Predict many rows at once, after a warm-up, and return the throughput."""
    del framework
    from ml_project.models.artifact import load

    schema, table = data(size, flights)
    table = table.select(list(names(schema)))
    repeated = table.take(np.arange(MANY) % table.num_rows)
    predictor = load(Path(folder)).predictor
    predictor.predict(repeated)
    began = time.perf_counter()
    predictor.predict(repeated)
    return {"rows": MANY / (time.perf_counter() - began)}


def names(schema: Any) -> tuple[str, ...]:
    """Return the names of the features."""
    return tuple(column.name for column in schema.features)


if __name__ == "__main__":
    step, *words = sys.argv[1:]
    print(json.dumps({"fit": fit, "load": load, "predict": predict}[step](*words)))
