"""A model into the registry, with its scores, waiting for somebody's approval."""

import json
from dataclasses import replace

from botocore.exceptions import ClientError

from textcnn.artifacts import S3Place
from textcnn.options import Context
from textcnn.results import Trained
from textcnn.training.request import PROJECT

# What the image reads and writes.
CONTENT_TYPES = ["application/json", "application/jsonlines", "text/csv", "text/plain"]
RESPONSE_TYPES = ["application/json", "application/jsonlines", "text/csv"]
# Where it is known to do well: it computes on processors.
INSTANCE_TYPES = ["ml.m5.large", "ml.m5.xlarge", "ml.c5.large", "ml.c5.xlarge", "ml.c5.2xlarge"]
# The scores by the names that the registry's pages know.
KNOWN_SCORES = {
    "accuracy": "accuracy",
    "macro_f1": "macro_f1",
    "weighted_f1": "weighted_f1",
    "pr_auc": "pr_auc",
    "roc_auc": "roc_auc",
}


def register(context: Context, trained: Trained, group: str) -> Trained:
    """Return the result with the model's package in a group; made once, however often asked."""
    _ensure_group(context, group)
    found = _registered(context, group, trained.model)
    if not found:
        found = _create(context, trained, group)
    return replace(trained, model_package=found)


def _ensure_group(context: Context, group: str) -> None:
    client = context.aws.client("sagemaker")
    try:
        client.describe_model_package_group(ModelPackageGroupName=group)
    except ClientError as error:
        told = error.response["Error"]
        if "does not exist" not in told.get("Message", "") and told["Code"] != "ResourceNotFound":
            raise
        context.aws.change(
            "sagemaker",
            "create_model_package_group",
            ModelPackageGroupName=group,
            ModelPackageGroupDescription="Text classifiers",
            Tags=[{"Key": key, "Value": value} for key, value in PROJECT.items()],
        )


def _registered(context: Context, group: str, model: str) -> str:
    """Return the package of a model, if the group has it."""
    client = context.aws.client("sagemaker")
    pages = client.get_paginator("list_model_packages").paginate(ModelPackageGroupName=group)
    for page in pages:
        for summary in page["ModelPackageSummaryList"]:
            arn: str = summary["ModelPackageArn"]
            package = client.describe_model_package(ModelPackageName=arn)
            containers = package.get("InferenceSpecification", {}).get("Containers", [])
            if any(container.get("ModelDataUrl") == model for container in containers):
                return arn
    return ""


def _create(context: Context, trained: Trained, group: str) -> str:
    described = context.aws.client("sagemaker").describe_training_job(TrainingJobName=trained.job)
    metrics = S3Place.parse(trained.model.rpartition("/")[0] + "/model_quality.json")
    context.aws.change(
        "s3", "put_object", Bucket=metrics.bucket, Key=metrics.key, Body=quality(trained.scores)
    )
    made = context.aws.change(
        "sagemaker",
        "create_model_package",
        ModelPackageGroupName=group,
        ModelPackageDescription=f"The model of the training job {trained.job}",
        ModelApprovalStatus="PendingManualApproval",
        Domain="NATURAL_LANGUAGE_PROCESSING",
        Task="CLASSIFICATION",
        InferenceSpecification={
            "Containers": [
                {
                    "Image": described["AlgorithmSpecification"]["TrainingImage"],
                    "ModelDataUrl": trained.model,
                }
            ],
            "SupportedContentTypes": CONTENT_TYPES,
            "SupportedResponseMIMETypes": RESPONSE_TYPES,
            "SupportedRealtimeInferenceInstanceTypes": INSTANCE_TYPES,
            "SupportedTransformInstanceTypes": INSTANCE_TYPES,
        },
        ModelMetrics={
            "ModelQuality": {
                "Statistics": {"ContentType": "application/json", "S3Uri": str(metrics)}
            }
        },
        CustomerMetadataProperties={"training_job": trained.job},
    )
    return str(made["ModelPackageArn"])


def quality(scores: dict[str, dict[str, float]]) -> bytes:
    """Return scores in the form of SageMaker's model quality, test before validation."""
    best = scores.get("test") or scores.get("validation") or {}
    values = {
        KNOWN_SCORES[name]: {"value": value, "standard_deviation": "NaN"}
        for name, value in best.items()
        if name in KNOWN_SCORES
    }
    return json.dumps({"multiclass_classification_metrics": values}, indent=1).encode()
