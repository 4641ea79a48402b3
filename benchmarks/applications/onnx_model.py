"""The weights of our model in ONNX Runtime, a thread for each process."""

from collections.abc import Sequence

import numpy as np
import onnxruntime

from benchmarks.applications.labelling import Best, Labels, batches, padder
from benchmarks.applications.server_options import MODEL, PEERS


class OnnxModel:
    """Labels texts with the dense graph."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            PEERS / "network.onnx", options, providers=["CPUExecutionProvider"]
        )
        self._labels, self._padder = Labels(MODEL), padder(MODEL)

    def predict(self, texts: Sequence[str]) -> list[Best]:
        """Return the best label of each text."""
        scores = [
            self._session.run(None, {"tokens": tokens})[0]
            for tokens in batches(self._padder, texts)
        ]
        return self._labels.best(np.concatenate(scores))
