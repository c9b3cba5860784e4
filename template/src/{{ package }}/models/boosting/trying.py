"""A trial of a model file in a separate process, which a crafted file may end.

CatBoost verifies a file's format, but not that its trees stay within their bounds.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SECONDS = 120


def check(path: Path, features: int, categorical: Sequence[int]) -> None:
    """Load a model of CatBoost in a separate process, and predict two rows there.

    Args:
        path: The file.
        features: The number of features.
        categorical: The positions of those that are categories.

    Raises:
        ValueError: If that ended the process, or did not finish within 120 seconds.
    """
    # -P: the folder of this file has modules with the names of libraries.
    words = [sys.executable, "-P", __file__, str(path), *map(str, [features, *categorical])]
    try:
        done = subprocess.run(  # noqa: S603  (this file, and numbers)
            words, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise ValueError(f"a prediction does not finish within {SECONDS} seconds") from None
    if done.returncode < 0:
        raise ValueError(f"a prediction ends the process with signal {-done.returncode}")


def _predict(path: str, features: int, categorical: list[int]) -> None:
    import catboost

    model = catboost.CatBoost().load_model(path, format="cbm")
    rows = [
        ["0" if at in categorical else number for at in range(features)]
        for number in (0.0, float("nan"))
    ]
    model.predict(catboost.Pool(rows, cat_features=categorical))


if __name__ == "__main__":
    _predict(sys.argv[1], int(sys.argv[2]), [*map(int, sys.argv[3:])])
