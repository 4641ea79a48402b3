"""ONNX Runtime in BentoML."""

import bentoml

from benchmarks.applications.labelling import Best
from benchmarks.applications.onnx_model import OnnxModel
from benchmarks.applications.server_options import WORKERS


@bentoml.service(workers=WORKERS)
class Endpoint:
    """Answers ``{"instances": [...]}``."""

    def __init__(self) -> None:
        self._model = OnnxModel()

    @bentoml.api(route="/invocations")
    def invocations(self, instances: list[str]) -> dict[str, list[Best]]:
        """Answer some documents."""
        return {"predictions": self._model.predict(instances)}
