"""A model into the registry, with its scores, waiting for somebody's approval."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from textcnn.artifacts import S3Place
from textcnn.endpoints import is_missing
from textcnn.options import Context
from textcnn.results import Trained
from textcnn.training.request import PROJECT

# What the registry should know of every model of this image; examples/registry says the same.
METADATA: Mapping[str, Any] = {
    "Domain": "NATURAL_LANGUAGE_PROCESSING",
    "Task": "CLASSIFICATION",
    "ModelApprovalStatus": "PendingManualApproval",
}
SPECIFICATION: Mapping[str, Any] = {
    "SupportedContentTypes": [
        "application/json",
        "application/jsonlines",
        "text/csv",
        "text/plain",
    ],
    "SupportedResponseMIMETypes": ["application/json", "application/jsonlines", "text/csv"],
    "SupportedRealtimeInferenceInstanceTypes": [
        "ml.t2.medium",
        "ml.m5.large",
        "ml.m5.xlarge",
        "ml.c5.large",
        "ml.c5.xlarge",
    ],
    "SupportedTransformInstanceTypes": ["ml.m5.large", "ml.m5.xlarge", "ml.c5.xlarge"],
}
# The scores that its pages show.
SHOWN_SCORES = ("accuracy", "macro_f1", "weighted_f1", "pr_auc", "roc_auc")


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
        if not is_missing(error):
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
        **METADATA,
        InferenceSpecification={
            "Containers": [
                {
                    "Image": described["AlgorithmSpecification"]["TrainingImage"],
                    "ModelDataUrl": trained.model,
                }
            ],
            **SPECIFICATION,
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
        name: {"value": best[name], "standard_deviation": "NaN"}
        for name in SHOWN_SCORES
        if name in best
    }
    return json.dumps({"multiclass_classification_metrics": values}, indent=1).encode()
