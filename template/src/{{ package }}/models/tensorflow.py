"""A feed-forward network in Keras on TensorFlow."""

import os
from typing import Any, ClassVar, Literal

from .neural.base import Backend, Neural


class TensorflowModel(Neural):
    """A feed-forward network in Keras on TensorFlow.

    Attributes:
        kind: `tensorflow`.
    """

    kind: Literal["tensorflow"] = "tensorflow"
    libraries: ClassVar[tuple[str, ...]] = ("tensorflow", "keras")

    def backend(self) -> Backend[Any]:
        """See `Neural.backend`; Keras and TensorFlow read these variables when imported."""
        os.environ.setdefault("KERAS_BACKEND", "tensorflow")
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        from .neural.networks.tensorflow import TensorflowBackend

        return TensorflowBackend()
