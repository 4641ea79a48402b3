"""Train, build, deploy, ask and clean up by the sagemaker SDK v3, wherever AWS_ENDPOINT_URL points.

Writes what it saw into seen.json; run in the SDK's own environment:

    journey.py BUCKET ROLE_ARN IMAGE DATA_FOLDER
"""

import json
import sys
from pathlib import Path
from typing import Any

import boto3
from sagemaker.core.helper.session_helper import Session
from sagemaker.core.training.configs import (
    Compute,
    InputData,
    MetricDefinition,
    OutputDataConfig,
    StoppingCondition,
)
from sagemaker.serve import ModelBuilder
from sagemaker.serve.builder.schema_builder import SchemaBuilder
from sagemaker.train import ModelTrainer

HYPERPARAMETERS = {"recipe": "kim", "epochs": "2", "report": "false", "keras_export": "false"}
METRIC = {"name": "validation:accuracy", "regex": r"\bvalidation_accuracy=([0-9.]+)"}
QUESTION = {"text": "please remit 1,204.11 by 4/20/2026", "parameters": {"top_k": 1}}


def main(bucket: str, role: str, image: str, data: str) -> dict[str, Any]:
    """Walk the whole way and return what was seen on it."""
    session = Session(default_bucket=bucket)
    trainer = ModelTrainer(
        training_image=image,
        role=role,
        sagemaker_session=session,
        base_job_name="sdk-letters",
        compute=Compute(instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=10),
        stopping_condition=StoppingCondition(max_runtime_in_seconds=600),
        output_data_config=OutputDataConfig(s3_output_path=f"s3://{bucket}/sdk"),
        hyperparameters=HYPERPARAMETERS,
    )
    trainer.with_metric_definitions([MetricDefinition(**METRIC)])
    channel = InputData(channel_name="training", data_source=_upload(bucket, Path(data)))
    trainer.train(input_data_config=[channel], wait=True, logs=False)
    job = trainer._latest_training_job  # the SDK offers it nowhere else
    job.refresh()
    builder = ModelBuilder(
        image_uri=image,
        s3_model_data_url=job.model_artifacts.s3_model_artifacts,
        role_arn=role,
        sagemaker_session=session,
        schema_builder=SchemaBuilder(QUESTION, {"predictions": []}),
        instance_type="ml.m5.large",
    )
    model = builder.build(model_name="sdk-letters")
    # By itself the SDK looks every 30 seconds.
    endpoint = builder.deploy(endpoint_name="sdk-letters", instance_type="ml.m5.large", wait=False)
    endpoint.wait_for_status("InService", poll=1)
    answer = endpoint.invoke(body=json.dumps(QUESTION), content_type="application/json")
    seen = {
        "job": job.training_job_name,
        "status": job.training_job_status,
        "metrics": {each.metric_name: each.value for each in job.final_metric_data_list},
        "model": model.model_name,
        "answer": json.loads(answer.body.read()),
    }
    _remove(endpoint, model)
    return seen


def _upload(bucket: str, folder: Path) -> str:
    s3 = boto3.client("s3")
    for path in sorted(folder.glob("*")):
        s3.upload_file(str(path), bucket, f"sdk-data/{path.name}")
    return f"s3://{bucket}/sdk-data/"


def _remove(endpoint: Any, model: Any) -> None:
    """Remove all three: the SDK's delete() of an endpoint leaves its configuration and model."""
    sagemaker = boto3.client("sagemaker")
    described = sagemaker.describe_endpoint(EndpointName=endpoint.endpoint_name)
    endpoint.delete()
    sagemaker.get_waiter("endpoint_deleted").wait(
        EndpointName=endpoint.endpoint_name, WaiterConfig={"Delay": 1}
    )
    sagemaker.delete_endpoint_config(EndpointConfigName=described["EndpointConfigName"])
    model.delete()


if __name__ == "__main__":
    # Not to standard output, where the SDK draws boxes.
    Path("seen.json").write_text(json.dumps(main(*sys.argv[1:])), encoding="utf-8")
