"""The sagemaker SDK v3, unmodified, trains, deploys, asks and cleans up on the emulator."""

from pathlib import Path

from tests.sdk.conftest import Journey
from tests.support.emulated import Client

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/text-classification:latest"


def test_the_whole_way(
    journey: Journey, client: Client, bucket: str, role: str, data: Path
) -> None:
    """ModelTrainer, ModelBuilder.build and deploy, an answer, and nothing left behind."""
    seen = journey("journey.py", bucket, role, IMAGE, str(data))
    assert seen["status"] == "Completed"
    assert 0 <= seen["metrics"]["validation:accuracy"] <= 1
    (prediction,) = seen["answer"]["predictions"]
    assert len(prediction["top"]) == 1
    sagemaker = client("sagemaker")
    assert sagemaker.describe_training_job(TrainingJobName=seen["job"])
    for lists, member in (
        ("list_endpoints", "Endpoints"),
        ("list_endpoint_configs", "EndpointConfigs"),
        ("list_models", "Models"),
    ):
        assert not getattr(sagemaker, lists)(NameContains="sdk-letters")[member]
