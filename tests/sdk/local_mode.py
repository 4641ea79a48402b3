"""Train by the sagemaker SDK v3 in local container mode: the image in Docker, no service at all.

Writes what it saw into seen.json; run in the SDK's own environment:

    local_mode.py IMAGE DATA_FOLDER
"""

import json
import sys
from pathlib import Path

from sagemaker.core.helper.session_helper import Session
from sagemaker.core.training.configs import Compute, InputData
from sagemaker.train import ModelTrainer
from sagemaker.train.model_trainer import Mode

HYPERPARAMETERS = {"recipe": "kim", "epochs": "2", "report": "false", "keras_export": "false"}
ROLE = "arn:aws:iam::123456789012:role/not-asked-for"


def main(image: str, data: str) -> dict[str, str]:
    """Train, and return where the SDK left the model."""
    root = Path("local-mode").absolute()
    trainer = ModelTrainer(
        training_mode=Mode.LOCAL_CONTAINER,
        training_image=image,
        role=ROLE,
        sagemaker_session=Session(default_bucket="not-asked-for"),
        base_job_name="local-letters",
        compute=Compute(instance_type="local_cpu", instance_count=1),
        hyperparameters=HYPERPARAMETERS,
        local_container_root=str(root),
    )
    trainer.train(
        input_data_config=[InputData(channel_name="training", data_source=data)], wait=True
    )
    (archive,) = root.rglob("model.tar.gz")
    return {"archive": str(archive)}


if __name__ == "__main__":
    # Not to standard output, where the SDK draws boxes.
    Path("seen.json").write_text(json.dumps(main(*sys.argv[1:])), encoding="utf-8")
