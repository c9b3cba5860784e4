"""Trains on a table with scikit-learn alone, for comparison with the generated project.

The program does the same: it reads, splits, preprocesses, fits, evaluates on the test rows, on the
training rows and with a constant prediction, and saves model and test rows, then draws the plots of
the project's report. With `--bare` it draws none.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

NUMBERS = ["month", "day", "sched_dep_time", "dep_delay", "distance"]
CATEGORIES = ["carrier", "origin", "dest"]
TARGET = "arr_delay"


def main(source: str, target: str, *options: str) -> None:
    """Train on a Parquet file, print metrics, and save the pipeline and plots beside it."""
    frame = pq.read_table(source, columns=[*NUMBERS, *CATEGORIES, TARGET]).to_pandas()
    train, test = train_test_split(frame, test_size=0.2, random_state=0)
    pipeline = make_pipeline(
        ColumnTransformer(
            [
                (
                    "numeric",
                    make_pipeline(SimpleImputer(strategy="median"), StandardScaler()),
                    NUMBERS,
                ),
                (
                    "categorical",
                    OneHotEncoder(
                        handle_unknown="infrequent_if_exist", max_categories=50, sparse_output=False
                    ),
                    CATEGORIES,
                ),
            ]
        ),
        HistGradientBoostingRegressor(
            learning_rate=0.05, max_iter=300, early_stopping=False, random_state=0
        ),
    )
    pipeline.fit(train[NUMBERS + CATEGORIES], train[TARGET])
    predicted = np.asarray(pipeline.predict(test[NUMBERS + CATEGORIES]))
    constant = DummyRegressor().fit(train[NUMBERS], train[TARGET]).predict(test[NUMBERS])
    trained = np.asarray(pipeline.predict(train[NUMBERS + CATEGORIES]))
    for name, actual, found in (
        ("test", test[TARGET], predicted),
        ("training", train[TARGET], trained),
        ("constant", test[TARGET], constant),
    ):
        print(name, "rmse", root_mean_squared_error(actual, found))
        print(name, "mae", mean_absolute_error(actual, found))
        print(name, "r2", r2_score(actual, found))
    skops.io.dump(pipeline, target)
    test.to_parquet(Path(target).with_name("test.parquet"))
    if "--bare" not in options:
        plots(pipeline, test, predicted, Path(target).parent)


def plots(pipeline: Pipeline, test: pd.DataFrame, predicted: np.ndarray, folder: Path) -> None:
    """Plot predictions, residuals and feature importances."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt
    from sklearn.inspection import permutation_importance
    from sklearn.metrics import PredictionErrorDisplay

    for kind in ("actual_vs_predicted", "residual_vs_predicted"):
        PredictionErrorDisplay.from_predictions(
            test[TARGET], predicted, kind=kind, subsample=2_000, random_state=0
        )
        plt.savefig(folder / f"{kind}.svg")
        plt.close()
    sample = test.sample(1_000, random_state=0)
    found = permutation_importance(
        pipeline,
        sample[NUMBERS + CATEGORIES],
        sample[TARGET],
        scoring="neg_root_mean_squared_error",
        n_repeats=3,
        random_state=0,
    )
    _, axes = plt.subplots()
    axes.barh(NUMBERS + CATEGORIES, found.importances_mean)
    plt.savefig(folder / "importance.svg")


if __name__ == "__main__":
    main(*sys.argv[1:])
