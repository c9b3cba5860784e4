import numpy as np

from {{ package }}.metrics.pinball import Pinball

from contracts.metrics import MetricContract, Predictions


class TestPinball(MetricContract):
    metric = Pinball()

    def predictions(self) -> Predictions:
        random = np.random.default_rng(0)
        truth = random.normal(50, 10, 400)
        return truth, truth + random.normal(0, 3, 400)

    def perfect(self) -> Predictions:
        truth, _ = self.predictions()
        return truth, truth
