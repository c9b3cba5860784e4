"""Plots of classifications.

Truth has shape (n,): the position of each row's class. Scores have shape (n, classes):
probabilities.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .base import COLOURS, GREY, plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = 12  # classes, of more a person sees nothing
BINS = 10


def confusion_matrix(
    truth: NDArray[Any], scores: NDArray[np.float64], classes: tuple[str, ...]
) -> "Figure":
    """Draw how many rows of each class are predicted as each; the shade is the share of the row."""
    size = len(classes)
    cells = np.bincount(truth * size + scores.argmax(axis=1), minlength=size**2)
    counts = cells.reshape(size, size)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = max(4.2, 0.7 * min(size, 2 * SHOWN))
    figure, axes = plot("predicted", "actual", width=side + 0.8, height=side)
    axes.grid(visible=False)
    image = axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    figure.colorbar(image, label="share of the actual class", shrink=0.8)
    axes.set_xticks(range(size), classes, rotation=45 if size > SHOWN // 3 else 0)
    axes.set_yticks(range(size), classes)
    if size <= SHOWN:
        for row, column in np.ndindex(size, size):
            colour = "white" if share[row, column] > 1 / 2 else "black"
            text = f"{counts[row, column]:,}"
            axes.text(column, row, text, ha="center", va="center", color=colour)
    return figure


def roc_curve(
    truth: NDArray[Any], scores: NDArray[np.float64], classes: tuple[str, ...]
) -> "Figure":
    """Draw the true against the false positive rate, as the threshold falls.

    With two classes, of the second; with more, of each against the rest.
    """
    figure, axes = plot("false positive rate", "true positive rate")
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle="--")
    for at, label in _of_interest(classes):
        order = np.argsort(-scores[:, at], kind="stable")
        member = (truth == at)[order]
        last = np.append(np.diff(scores[order, at]) != 0, True)
        hits, misses = np.cumsum(member)[last], np.cumsum(~member)[last]
        if hits[-1] and misses[-1]:
            x, y = np.append(0, misses / misses[-1]), np.append(0, hits / hits[-1])
            axes.plot(x, y, color=COLOURS[at % len(COLOURS)], label=label)
    axes.legend(frameon=False, loc="lower right")
    return figure


def calibration(
    truth: NDArray[Any], scores: NDArray[np.float64], classes: tuple[str, ...]
) -> "Figure":
    """Draw how often a class occurs where it is given a probability; on the line, as often."""
    figure, axes = plot("predicted probability", "share of rows that are")
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle="--")
    for at, label in _of_interest(classes):
        bins = np.minimum((scores[:, at] * BINS).astype(int), BINS - 1)
        rows = np.bincount(bins, minlength=BINS)
        used = rows > 0
        predicted = np.bincount(bins, scores[:, at], BINS)[used] / rows[used]
        occurred = np.bincount(bins, truth == at, BINS)[used] / rows[used]
        colour = COLOURS[at % len(COLOURS)]
        axes.plot(predicted, occurred, marker="o", markersize=4, color=colour, label=label)
    axes.legend(frameon=False, loc="upper left")
    return figure


def _of_interest(classes: tuple[str, ...]) -> list[tuple[int, str]]:
    """Return positions and labels of what is drawn: of two classes the second, else the first."""
    numbered = list(enumerate(classes))
    return numbered[1:] if len(classes) == len(("no", "yes")) else numbered[:SHOWN]
