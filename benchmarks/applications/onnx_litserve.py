"""ONNX Runtime in LitServe."""

from typing import Any

import litserve

from benchmarks.applications.labelling import Best
from benchmarks.applications.onnx_model import OnnxModel
from benchmarks.applications.server_options import PORT, WORKERS


class Endpoint(litserve.LitAPI):
    """Answers ``{"instances": [...]}``."""

    def setup(self, device: str) -> None:
        """Load the model, in each worker."""
        del device
        self._model = OnnxModel()

    def decode_request(self, request: dict[str, Any]) -> list[str]:
        """Return the texts."""
        return list(request["instances"])

    def predict(self, texts: list[str]) -> list[Best]:
        """Return the best label of each text."""
        return self._model.predict(texts)

    def encode_response(self, output: list[Best]) -> dict[str, list[Best]]:
        """Return the answer."""
        return {"predictions": output}


if __name__ == "__main__":
    server = litserve.LitServer(
        Endpoint(api_path="/invocations"),
        accelerator="cpu",
        workers_per_device=WORKERS,
        healthcheck_path="/ping",
        fast_queue=True,
    )
    server.run(host="127.0.0.1", port=PORT, num_api_servers=WORKERS, generate_client_file=False)
