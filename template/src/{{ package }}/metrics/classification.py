"""Classification metrics.

Truth has shape (n,): the index of each row's class. Outputs have shape (n, classes):
probabilities. The predicted class is the most probable one.
"""

from abc import abstractmethod
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from .base import Metric

Numbers = NDArray[np.float64]
BINS, FEWEST = 16_384, 512  # of a class where there are two, and where there are very many
SMALLEST = 1e-17  # no probability counts as nearer to 0 or to 1


class ConfusionMetric(Metric):
    """A metric computed from the confusion matrix."""

    task: ClassVar[str] = "classification"
    greater_is_better: ClassVar[bool] = True

    def accumulate(self, truth: NDArray[Any], outputs: Numbers) -> Numbers:
        """Return the confusion matrix: rows are true classes, columns are predicted classes."""
        classes = outputs.shape[1]
        cells = truth * classes + outputs.argmax(axis=1)
        counts = np.bincount(cells, minlength=classes**2)
        return counts.reshape(classes, classes).astype(np.float64)

    @abstractmethod
    def compute(self, state: Numbers) -> float:
        """See `Metric.compute`."""


def ratio(part: Numbers, whole: Numbers) -> Numbers:
    """Divide, with 0 where the divisor is 0."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def seen(state: Numbers) -> NDArray[np.bool_]:
    """Return a mask of the classes that occur among the true or the predicted ones."""
    return np.asarray(state.sum(axis=0) + state.sum(axis=1) > 0)


class Accuracy(ConfusionMetric):
    """Accuracy: the fraction of rows whose class is predicted correctly; 1 is best."""

    kind: Literal["accuracy"] = "accuracy"

    def compute(self, state: Numbers) -> float:
        """See `Metric.compute`."""
        return float(np.trace(state) / state.sum())


class BalancedAccuracy(ConfusionMetric):
    """Balanced accuracy: the mean recall over true classes; 1 is best, 1 / classes is chance."""

    kind: Literal["balanced_accuracy"] = "balanced_accuracy"

    def compute(self, state: Numbers) -> float:
        """See `Metric.compute`."""
        rows = state.sum(axis=1)
        return float((np.diag(state)[rows > 0] / rows[rows > 0]).mean())


class Precision(ConfusionMetric):
    """Precision, macro-averaged; 1 is best."""

    kind: Literal["precision"] = "precision"

    def compute(self, state: Numbers) -> float:
        """See `Metric.compute`."""
        return float(ratio(np.diag(state), state.sum(axis=0))[seen(state)].mean())


class Recall(ConfusionMetric):
    """Recall, macro-averaged; 1 is best."""

    kind: Literal["recall"] = "recall"

    def compute(self, state: Numbers) -> float:
        """See `Metric.compute`."""
        return float(ratio(np.diag(state), state.sum(axis=1))[seen(state)].mean())


class F1(ConfusionMetric):
    """F1 score (the harmonic mean of precision and recall), macro-averaged; 1 is best."""

    kind: Literal["f1"] = "f1"

    def compute(self, state: Numbers) -> float:
        """See `Metric.compute`."""
        both = state.sum(axis=0) + state.sum(axis=1)
        return float(ratio(2 * np.diag(state), both)[seen(state)].mean())


class LogLoss(Metric):
    """Log loss: the mean negative log-likelihood of the true class, in nats; 0 is best.

    Probabilities are clipped at the machine epsilon of float64.
    """

    kind: Literal["log_loss"] = "log_loss"
    task: ClassVar[str] = "classification"
    greater_is_better: ClassVar[bool] = False

    def accumulate(self, truth: NDArray[Any], outputs: Numbers) -> Numbers:
        """Return the sum of the losses, and the count of rows."""
        likely = outputs[np.arange(truth.size), truth].clip(np.finfo(np.float64).eps, 1)
        return np.array([-np.log(likely).sum(), truth.size])

    def compute(self, state: Numbers) -> float:
        """See `Metric.compute`."""
        return float(state[0] / state[1])


class Brier(Metric):
    """Brier score: the mean squared error of the probabilities, in [0, 2]; 0 is best.

    Brier, Verification of Forecasts Expressed in Terms of Probability (1950). Squared errors are
    summed over all classes, so with two classes the score is twice that of the positive class.
    """

    kind: Literal["brier"] = "brier"
    task: ClassVar[str] = "classification"
    greater_is_better: ClassVar[bool] = False

    def accumulate(self, truth: NDArray[Any], outputs: Numbers) -> Numbers:
        """Return the sum of the squared distances, and the count of rows."""
        distance = outputs.copy()
        distance[np.arange(truth.size), truth] -= 1
        return np.array([(distance**2).sum(), truth.size])

    def compute(self, state: Numbers) -> float:
        """See `Metric.compute`."""
        return float(state[0] / state[1])


class RocAuc(Metric):
    """The area under the ROC curve; 1 is best, 0.5 is chance.

    With more than two classes, one-vs-rest, macro-averaged. Rows are counted in bins of
    probability: 32,768 bins for all classes together, and at least 512 for each. Of n bins, none is
    wider than 2 / n, nor than 157 / n in log-odds, because the probabilities of a rare class are
    all close to 0. The error is at most half the fraction of pairs, one of the class and one of the
    rest, that share a bin. A class without positive or without negative rows is skipped; if none
    remains, the value is NaN.
    """

    kind: Literal["roc_auc"] = "roc_auc"
    task: ClassVar[str] = "classification"
    greater_is_better: ClassVar[bool] = True

    def accumulate(self, truth: NDArray[Any], outputs: Numbers) -> Numbers:
        """Return counts by class, by membership, and by bin: shape (classes, 2, bins)."""
        classes = outputs.shape[1]
        bins = max(FEWEST, 2 * BINS // classes)
        odds = np.log(np.maximum(outputs, SMALLEST)) - np.log(np.maximum(1 - outputs, SMALLEST))
        place = (outputs + 0.5 - odds / (2 * np.log(SMALLEST))) / 2
        at = np.clip((place * bins).astype(np.int64), 0, bins - 1)
        member = truth[:, np.newaxis] == np.arange(classes)
        cells = (2 * np.arange(classes) + member) * bins + at
        counts = np.bincount(cells.ravel(), minlength=2 * classes * bins)
        return counts.reshape(classes, 2, bins).astype(np.float64)

    def compute(self, state: Numbers) -> float:
        """See `Metric.compute`."""
        areas = []
        for rest, member in state:
            pairs = rest.sum() * member.sum()
            if pairs:
                below = np.cumsum(rest) - rest
                areas.append((member * (below + rest / 2)).sum() / pairs)
        return float(np.mean(areas)) if areas else float("nan")
