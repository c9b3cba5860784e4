"""The style that all plots share."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito, Color Universal Design (2008): distinguishable with color blindness. Their yellow
# is left out: it is too pale for lines on white.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
GREY = "#767676"


def plot(x: str, y: str, *, width: float = 5.2, height: float = 4.2) -> "tuple[Figure, Axes]":
    """Return a figure with labeled axes, without a window or global state.

    Args:
        x: The label of the horizontal axis.
        y: The label of the vertical axis.
        width: In inches.
        height: In inches.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(visible=True, color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def caption(name: str, longest: int = 40) -> str:
    """Return the name of a feature or a class as the text of a plot.

    Args:
        name: The name, of which a `$` is no mathematical notation.
        longest: The number of characters after which it is cut.
    """
    short = name if len(name) <= longest else f"{name[: longest - 1]}…"
    return short.replace("$", r"\$")
