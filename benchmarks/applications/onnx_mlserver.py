"""ONNX Runtime in MLServer."""

import numpy as np
from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse

from benchmarks.applications.onnx_model import OnnxModel


class Endpoint(MLModel):
    """Answers the open inference protocol: texts in, labels and scores out."""

    async def load(self) -> bool:
        """Load the model, in each worker."""
        self._model = OnnxModel()
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """Answer some documents."""
        best = self._model.predict(StringCodec.decode_input(payload.inputs[0]))
        outputs = [
            StringCodec.encode_output("label", [each["label"] for each in best]),
            NumpyCodec.encode_output("score", np.array([[each["score"]] for each in best])),
        ]
        return InferenceResponse(model_name=self.name, outputs=outputs)
