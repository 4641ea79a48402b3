"""The options that the benchmark gives to every server that it starts."""

import os
from pathlib import Path

_FOLDER = Path(os.environ["SAGEMAKER_BASE_DIR"])
MODEL = _FOLDER / "model"
# What peers answer from.
PEERS = _FOLDER / "peers"
PORT = int(os.environ["SAGEMAKER_BIND_TO_PORT"])
WORKERS = int(os.environ["MODEL_SERVER_WORKERS"])
