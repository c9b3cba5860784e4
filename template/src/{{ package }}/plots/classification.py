"""Classification plots.

Truth has shape (n,): the index of each row's class. Outputs have shape (n, classes):
probabilities.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .base import COLORS, GREY, caption, plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BINARY = 2
SHOWN = 12  # the most classes whose counts are written into the confusion matrix
BINS, LEAST = 10, 10  # bins of a calibration curve, and the fewest rows in each
LONGEST = 24  # characters of a class


def confusion_matrix(
    truth: NDArray[Any], outputs: NDArray[np.float64], classes: tuple[str, ...]
) -> "Figure":
    """Draw the confusion matrix; the shade is the fraction of the true class."""
    size = len(classes)
    cells = np.bincount(truth * size + outputs.argmax(axis=1), minlength=size**2)
    counts = cells.reshape(size, size)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = max(4.2, 0.7 * min(size, 2 * SHOWN))
    figure, axes = plot("predicted", "actual", width=side + 0.8, height=side)
    axes.grid(visible=False)
    image = axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    figure.colorbar(image, label="share of the actual class", shrink=0.8)
    names = [caption(name, LONGEST) for name in classes]
    slanted = size > SHOWN // 3 or max(map(len, names)) > LONGEST // 2
    axes.set_xticks(range(size), names, rotation=45 if slanted else 0)
    axes.set_yticks(range(size), names)
    if size <= SHOWN:
        for row, column in np.ndindex(size, size):
            color = "white" if share[row, column] > 1 / 2 else "black"
            text = f"{counts[row, column]:,}"
            axes.text(column, row, text, ha="center", va="center", color=color)
    return figure


def distribution(
    truth: NDArray[Any], outputs: NDArray[np.float64], classes: tuple[str, ...]
) -> "Figure":
    """Draw the number of rows that are, and that are predicted to be, of each class."""
    size = len(classes)
    figure, axes = plot("rows", "class", height=max(2.4, 0.4 * size + 1))
    for at, (label, of) in enumerate((("actual", truth), ("predicted", outputs.argmax(axis=1)))):
        counts = np.bincount(of, minlength=size)
        places = np.arange(size) + 0.4 * at - 0.2
        axes.barh(places, counts, height=0.38, color=(GREY, COLORS[0])[at], label=label)
    axes.set_yticks(range(size), [caption(name, LONGEST) for name in classes])
    axes.invert_yaxis()
    axes.legend(frameon=False)
    return figure


def roc_curve(
    truth: NDArray[Any], outputs: NDArray[np.float64], classes: tuple[str, ...]
) -> "Figure":
    """Draw ROC curves: of the second of two classes, or one-vs-rest of the most frequent ones."""
    figure, axes = plot("false positive rate", "true positive rate")
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle="--")
    for color, at in _of_interest(truth, classes):
        order = np.argsort(-outputs[:, at], kind="stable")
        member = (truth == at)[order]
        last = np.append(np.diff(outputs[order, at]) != 0, True)
        hits, misses = np.cumsum(member)[last], np.cumsum(~member)[last]
        if hits[-1] and misses[-1]:
            x, y = np.append(0, misses / misses[-1]), np.append(0, hits / hits[-1])
            axes.plot(x, y, color=color, label=caption(classes[at], LONGEST))
            axes.legend(frameon=False, loc="lower right")
    return figure


def calibration(
    truth: NDArray[Any], outputs: NDArray[np.float64], classes: tuple[str, ...]
) -> "Figure":
    """Draw calibration curves: observed frequency against predicted probability.

    Each point is a quantile bin; classes as in `roc_curve`.
    """
    figure, axes = plot("mean predicted probability", "share of rows of the class")
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle="--")
    count = min(BINS, max(1, truth.size // LEAST))
    for color, at in _of_interest(truth, classes):
        parts = np.array_split(np.argsort(outputs[:, at], kind="stable"), count)
        predicted = [outputs[part, at].mean() for part in parts]
        occurred = [(truth[part] == at).mean() for part in parts]
        label = caption(classes[at], LONGEST)
        axes.plot(predicted, occurred, marker="o", markersize=4, color=color, label=label)
    axes.legend(frameon=False, loc="upper left")
    return figure


def _of_interest(truth: NDArray[Any], classes: tuple[str, ...]) -> list[tuple[str, int]]:
    """Return a color and the index of each class that is drawn.

    Of two classes, the second; of more, the most frequent, as many as there are colors.
    """
    if len(classes) == BINARY:
        return [(COLORS[0], 1)]
    counts = np.bincount(truth, minlength=len(classes))
    frequent = np.argsort(-counts, kind="stable")[: len(COLORS)]
    return list(zip(COLORS, sorted(frequent.tolist()), strict=False))
