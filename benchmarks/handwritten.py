"""Training on a table by scikit-learn's calls alone: what the generated project is held against.

It does what a person would write for the same result: read, split, preprocess, fit, measure, save.
"""

import sys

import numpy as np
import pyarrow.parquet as pq
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

NUMBERS = ["month", "day", "sched_dep_time", "dep_delay", "distance"]
CATEGORIES = ["carrier", "origin", "dest"]
TARGET = "arr_delay"


def main(source: str, target: str) -> None:
    """Train on a Parquet file, print metrics, and save the pipeline."""
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


if __name__ == "__main__":
    main(*sys.argv[1:])
