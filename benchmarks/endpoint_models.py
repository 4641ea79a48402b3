"""The model files of the peers, beside our model."""

import json
from pathlib import Path

import joblib

from benchmarks.inference_data import Job
from benchmarks.peers.onnx_inference import dense_graph
from benchmarks.peers.tfidf_inference import fitted
from text_classification import artifact
from text_classification.cnn.architectures.kim.configuration import KimConfiguration


def export(job: Job, folder: Path) -> None:
    """Write what peers answer from beside our model, below the folder of its training job."""
    model = artifact.load(job.model)
    assert isinstance(model.configuration, KimConfiguration)  # noqa: S101
    peers = folder / "peers"
    peers.mkdir()
    (peers / "network.onnx").write_bytes(dense_graph(model.configuration, model.weights))
    joblib.dump(fitted(job.read("training")), peers / "linear.joblib")
    _write_mlserver_settings(peers / "kim")


def _write_mlserver_settings(folder: Path) -> None:
    folder.mkdir()
    settings = {
        "name": folder.name,
        "implementation": "benchmarks.applications.onnx_mlserver.Endpoint",
    }
    (folder / "model-settings.json").write_text(json.dumps(settings), encoding="utf-8")
