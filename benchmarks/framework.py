"""Fits one framework to the flights and predicts them, with the generated project or directly.

`frameworks.py` runs this program in the environment of a project with every framework:
`python framework.py FRAMEWORK (project|hand) flights.parquet` prints seconds and MiB as JSON.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

NUMBERS = ["month", "day", "sched_dep_time", "dep_delay", "distance"]
CATEGORIES = ["carrier", "origin", "dest"]
TARGET = "arr_delay"
ROUNDS, EPOCHS, BATCH, RATE = 200, 3, 1024, 0.001
BOOSTED = {"n_estimators": ROUNDS, "parameters": {"learning_rate": 0.1}}
NEURAL = {"epochs": EPOCHS, "batch_size": BATCH, "learning_rate": RATE, "patience": None}
SETTINGS: dict[str, dict[str, Any]] = {
    "sklearn": {"parameters": {"max_iter": ROUNDS, "early_stopping": False}},
    "xgboost": BOOSTED,
    "lightgbm": BOOSTED,
    "catboost": BOOSTED,
    "torch": NEURAL,
    "lightning": NEURAL,
    "tensorflow": NEURAL,
    "jax": NEURAL,
}

Fitted = Callable[[], Any]


def project(framework: str, source: Path) -> tuple[Fitted, Callable[[Any], Any]]:
    """Return the generated project's fit, and its prediction."""
    from ml_project.datasets.parquet import ParquetDataset
    from ml_project.models import AnyModel
    from ml_project.models.base import FitContext
    from ml_project.models.rows import Rows
    from ml_project.schemas.base import Schema, category, number
    from ml_project.tasks import task_of
    from pydantic import TypeAdapter

    features = (*map(number, NUMBERS), *map(category, CATEGORIES))
    schema = Schema(features=features, target=number(TARGET))
    table = ParquetDataset(path=source).table(schema.examples())
    problem = task_of("regression").problem(schema, table[schema.target.name])
    stated = {"kind": framework, **SETTINGS[framework]}
    model = TypeAdapter(AnyModel).validate_python(stated)
    model.check(task_of("regression"), schema)
    # Imported before the measurement, as by the direct programs, or to read a run's configuration.
    for name in (framework, f"ml_project.models.neural.networks.{framework}", "omegaconf"):
        if find_spec(name):
            import_module(name)
    return (
        lambda: model.fit(Rows.from_table(table, problem, schema), FitContext()),
        lambda predictor: predictor.predict(table),
    )


def frame(table: pa.Table, known: Any = None) -> Any:
    """Return the features as a data frame, with its own categories or the given ones."""
    features = table.select(NUMBERS + CATEGORIES).to_pandas()
    for name in CATEGORIES:
        kind = pd.CategoricalDtype(known[name]) if known else "category"
        features[name] = features[name].astype(kind)
    return features


def categories(features: Any) -> dict[str, Any]:
    """Return the categories of each categorical feature."""
    return {name: features[name].cat.categories for name in CATEGORIES}


def by_sklearn(source: Path) -> tuple[Fitted, Callable[[Any], Any]]:
    """scikit-learn, as in handwritten.py."""
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    table = pq.read_table(source)
    numeric = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    onehot = OneHotEncoder(
        handle_unknown="infrequent_if_exist", max_categories=50, sparse_output=False
    )
    columns = ColumnTransformer([("n", numeric, NUMBERS), ("c", onehot, CATEGORIES)])
    model = HistGradientBoostingRegressor(max_iter=ROUNDS, early_stopping=False, random_state=0)

    def fit() -> Any:
        frame = table.to_pandas()
        return make_pipeline(columns, model).fit(frame, frame[TARGET])

    return fit, lambda pipeline: pipeline.predict(table.to_pandas())


def by_xgboost(source: Path) -> tuple[Fitted, Callable[[Any], Any]]:
    """XGBoost's native interface."""
    import xgboost

    table = pq.read_table(source)
    stated = {"learning_rate": 0.1, "seed": 0}

    def fit() -> Any:
        features = frame(table)
        rows = xgboost.QuantileDMatrix(features, table[TARGET], enable_categorical=True)
        return xgboost.train(stated, rows, ROUNDS), categories(features)

    return fit, lambda fitted: fitted[0].inplace_predict(frame(table, fitted[1]))


def by_lightgbm(source: Path) -> tuple[Fitted, Callable[[Any], Any]]:
    """LightGBM's native interface."""
    import lightgbm

    table = pq.read_table(source)
    stated = {
        "learning_rate": 0.1,
        "seed": 0,
        "verbosity": -1,
        "deterministic": True,
        "force_row_wise": True,
    }

    def fit() -> Any:
        features = frame(table)
        rows = lightgbm.Dataset(features, table[TARGET].to_numpy())
        return lightgbm.train(stated, rows, ROUNDS), categories(features)

    return fit, lambda fitted: fitted[0].predict(frame(table, fitted[1]))


def by_catboost(source: Path) -> tuple[Fitted, Callable[[Any], Any]]:
    """CatBoost's native interface."""
    import catboost

    table = pq.read_table(source)
    stated = {
        "learning_rate": 0.1,
        "iterations": ROUNDS,
        "random_seed": 0,
        "allow_writing_files": False,
        "logging_level": "Silent",
    }

    def fit() -> Any:
        features = frame(table)
        pool = catboost.Pool(features, table[TARGET].to_numpy(), cat_features=CATEGORIES)
        return catboost.CatBoost(stated).fit(pool), categories(features)

    return fit, lambda fitted: fitted[0].predict(frame(table, fitted[1]))


def arrays(table: pa.Table) -> tuple[Any, Any, Any, list[int]]:
    """Return standardized numbers, category codes, the target, and how many codes each has."""
    features, target = frame(table), table[TARGET].to_numpy()
    numbers = features[NUMBERS].to_numpy()
    scaled = ((numbers - numbers.mean(axis=0)) / numbers.std(axis=0)).astype(np.float32)
    codes = np.column_stack([features[name].cat.codes + 1 for name in CATEGORIES]).astype(np.int64)
    sizes = [len(features[name].cat.categories) + 1 for name in CATEGORIES]
    flags = np.zeros_like(scaled)
    values = ((target - target.mean()) / target.std()).astype(np.float32)
    return np.concatenate([scaled, flags], axis=1), codes, values, sizes


def torch_network(sizes: list[int]) -> Any:
    """Return the same network, written directly in PyTorch."""
    import torch
    from torch import nn

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            widths = [min(50, (size + 1) // 2) for size in sizes]
            self.embeddings = nn.ModuleList(map(nn.Embedding, sizes, widths))
            self.layers = nn.Sequential(
                nn.Linear(2 * len(NUMBERS) + sum(widths), 128),
                nn.ReLU(),
                nn.Linear(128, 64),
                nn.ReLU(),
                nn.Linear(64, 1),
            )

        def forward(self, numbers: Any, codes: Any) -> Any:
            vectors = [embed(codes[:, at]) for at, embed in enumerate(self.embeddings)]
            return self.layers(torch.cat([numbers, *vectors], dim=1))

    return Network()


def by_torch(source: Path) -> tuple[Fitted, Callable[[Any], Any]]:
    """A training loop in PyTorch."""
    import torch

    table = pq.read_table(source)
    sizes = arrays(table)[3]

    def fit() -> Any:
        numbers, codes, target = map(torch.from_numpy, arrays(table)[:3])
        network = torch_network(sizes)
        optimizer = torch.optim.AdamW(network.parameters(), lr=RATE)
        for _ in range(EPOCHS):
            for rows in torch.randperm(len(target)).split(BATCH):
                optimizer.zero_grad()
                loss = ((network(numbers[rows], codes[rows])[:, 0] - target[rows]) ** 2).mean()
                loss.backward()
                optimizer.step()
        return network

    def predict(network: Any) -> Any:
        numbers, codes = map(torch.from_numpy, arrays(table)[:2])
        with torch.inference_mode():
            return network.eval()(numbers, codes).numpy()

    return fit, predict


def by_lightning(source: Path) -> tuple[Fitted, Callable[[Any], Any]]:
    """Lightning's trainer, with tensors that are already split into minibatches."""
    import lightning
    import torch

    class Module(lightning.LightningModule):
        def __init__(self, network: Any) -> None:
            super().__init__()
            self.network = network

        def training_step(self, batch: Any) -> Any:
            numbers, codes, target = batch
            return ((self.network(numbers, codes)[:, 0] - target) ** 2).mean()

        def configure_optimizers(self) -> Any:
            return torch.optim.AdamW(self.parameters(), lr=RATE)

    class Batches(torch.utils.data.IterableDataset[Any]):
        def __init__(self, tensors: Any) -> None:
            self.tensors = tensors

        def __iter__(self) -> Any:
            for rows in torch.randperm(len(self.tensors[2])).split(BATCH):
                yield [each[rows] for each in self.tensors]

    table = pq.read_table(source)
    sizes = arrays(table)[3]

    def fit() -> Any:
        tensors = [torch.from_numpy(each) for each in arrays(table)[:3]]
        module = Module(torch_network(sizes))
        trainer = lightning.Trainer(
            max_epochs=EPOCHS,
            logger=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            enable_checkpointing=False,
            accelerator="cpu",
        )
        trainer.fit(module, torch.utils.data.DataLoader(Batches(tensors), batch_size=None))
        return module.network

    return fit, by_torch(source)[1]


def by_tensorflow(source: Path) -> tuple[Fitted, Callable[[Any], Any]]:
    """Keras's own fit and predict."""
    import keras

    table = pq.read_table(source)
    sizes = arrays(table)[3]

    def fit() -> Any:
        numbers, codes, target, _ = arrays(table)
        inputs = [keras.Input((numbers.shape[1],)), keras.Input((len(sizes),), dtype="int64")]
        parts = [inputs[0]]
        for at, size in enumerate(sizes):
            parts.append(keras.layers.Embedding(size, min(50, (size + 1) // 2))(inputs[1][:, at]))
        values = keras.layers.Concatenate()(parts)
        for width in (128, 64):
            values = keras.layers.Dense(width, "relu")(values)
        network = keras.Model(inputs, keras.layers.Dense(1)(values))
        network.compile(keras.optimizers.AdamW(RATE), "mse")
        network.fit([numbers, codes], target, batch_size=BATCH, epochs=EPOCHS, verbose=0)
        return network

    def predict(network: Any) -> Any:
        return network.predict(list(arrays(table)[:2]), batch_size=65_536, verbose=0)

    return fit, predict


def by_jax(source: Path) -> tuple[Fitted, Callable[[Any], Any]]:
    """A training loop in Flax NNX and Optax."""
    import jax.numpy as jnp
    import optax
    from flax import nnx

    table = pq.read_table(source)
    sizes = arrays(table)[3]

    class Network(nnx.Module):
        def __init__(self, rngs: Any) -> None:
            widths = [min(50, (size + 1) // 2) for size in sizes]
            self.embeddings = nnx.List(
                [nnx.Embed(*pair, rngs=rngs) for pair in zip(sizes, widths, strict=True)]
            )
            width = 2 * len(NUMBERS) + sum(widths)
            self.layers = nnx.List(
                [nnx.Linear(*pair, rngs=rngs) for pair in ((width, 128), (128, 64), (64, 1))]
            )

        def __call__(self, numbers: Any, codes: Any) -> Any:
            vectors = [embed(codes[:, at]) for at, embed in enumerate(self.embeddings)]
            values = jnp.concatenate([numbers, *vectors], axis=1)
            for layer in self.layers[:-1]:
                values = nnx.relu(layer(values))
            return self.layers[-1](values)

    @nnx.jit
    def step(network: Any, optimizer: Any, numbers: Any, codes: Any, target: Any) -> None:
        def loss(network: Any) -> Any:
            return jnp.mean((network(numbers, codes)[:, 0] - target) ** 2)

        optimizer.update(network, nnx.grad(loss)(network))

    def fit() -> Any:
        numbers, codes, target, _ = arrays(table)
        network = Network(nnx.Rngs(0))
        optimizer = nnx.Optimizer(network, optax.adamw(RATE), wrt=nnx.Param)
        random = np.random.default_rng(0)
        for _ in range(EPOCHS):
            order = random.permutation(len(target))
            for start in range(0, len(target) // BATCH * BATCH, BATCH):
                rows = order[start : start + BATCH]
                step(network, optimizer, numbers[rows], codes[rows], target[rows])
        return network

    compiled = nnx.jit(lambda network, numbers, codes: network(numbers, codes))

    def predict(network: Any) -> Any:
        numbers, codes = arrays(table)[:2]
        return np.asarray(compiled(network, numbers, codes))

    return fit, predict


def main(framework: str, side: str, source: str) -> None:
    """Fit, then predict twice, the first time to warm up; print the durations."""
    path = Path(source)
    made = project(framework, path) if side == "project" else globals()[f"by_{framework}"](path)
    fit, predict = made
    began = time.perf_counter()
    model = fit()
    fitted = time.perf_counter()
    predict(model)
    warm = time.perf_counter()
    predicted = predict(model)
    done = time.perf_counter()
    assert np.isfinite(np.asarray(predicted)).all()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"fit": fitted - began, "predict": done - warm, "mebibytes": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
