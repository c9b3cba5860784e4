"""Trains on a table with scikit-learn alone, for comparison with the generated project.

The program does the same: it reads, splits, preprocesses, fits, evaluates and saves, then draws the
plots of the project's report. With `--bare` it ends after saving the model.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import skops.io
from sklearn.compose import ColumnTransformer
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
    print("rmse", root_mean_squared_error(test[TARGET], predicted))
    print("mae", mean_absolute_error(test[TARGET], predicted))
    print("r2", r2_score(test[TARGET], predicted))
    skops.io.dump(pipeline, target)
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
