"""The request for a transform job, and the name that stands for all of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from textcnn.batch.documents import Documents
from textcnn.batch.formats import CSV
from textcnn.ownership import TAGS


@dataclass(frozen=True)
class Serving:
    """The model that answers, and what guards it."""

    archive: str
    image: str
    role_arn: str
    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()
    isolated: bool = False


@dataclass(frozen=True)
class TransformOptions:
    """How the job runs and what its answers hold; top None: as the image does without."""

    instance_type: str = "ml.m5.large"
    instance_count: int = 1
    top: int | None = None
    text_column: str | None = None
    kms_key: str = ""


@dataclass(frozen=True)
class TransformSpecification:
    """All that a job is asked with; bucket is where its answers go."""

    bucket: str
    documents: Documents
    serving: Serving
    options: TransformOptions


def model_request(serving: Serving) -> dict[str, Any]:
    """Return CreateModel's members but the name."""
    request: dict[str, Any] = {
        "PrimaryContainer": {"Image": serving.image, "ModelDataUrl": serving.archive},
        "ExecutionRoleArn": serving.role_arn,
        "EnableNetworkIsolation": serving.isolated,
        "Tags": _tags(),
    }
    if serving.subnets:
        request["VpcConfig"] = {
            "Subnets": list(serving.subnets),
            "SecurityGroupIds": list(serving.security_groups),
        }
    return request


def job_request(documents: Documents, options: TransformOptions) -> dict[str, Any]:
    """Return CreateTransformJob's members but the names and where the answers go."""
    kind = documents.kind
    key = {"VolumeKmsKeyId": options.kms_key} if options.kms_key else {}
    request: dict[str, Any] = {
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": documents.uri}},
            "ContentType": _content_type(documents, options),
            "SplitType": "Line" if kind.lines else "None",
            "CompressionType": "Gzip" if documents.packed else "None",
        },
        "TransformResources": {
            "InstanceType": options.instance_type,
            "InstanceCount": options.instance_count,
            **key,
        },
        "BatchStrategy": "MultiRecord" if kind.lines else "SingleRecord",
        "Tags": _tags(),
    }
    if kind.joins:
        request["DataProcessing"] = {"JoinSource": "Input"}
    if documents.payload_mb is not None:
        request |= {"MaxPayloadInMB": documents.payload_mb, "MaxConcurrentTransforms": 1}
    return request


def output(documents: Documents, options: TransformOptions, path: str) -> dict[str, Any]:
    """Return TransformOutput's members."""
    kind = documents.kind
    accept = kind.accept if options.top is None else f"{kind.accept}; top_k={options.top}"
    key = {"KmsKeyId": options.kms_key} if options.kms_key else {}
    assemble = "Line" if kind.lines else "None"
    return {"S3OutputPath": path, "Accept": accept, "AssembleWith": assemble, **key}


def identity(specification: TransformSpecification) -> str:
    """Return eight digits that stand for the documents, the model and how the job runs."""
    parts = [
        specification.documents.identity,
        model_request(specification.serving),
        job_request(specification.documents, specification.options),
        output(specification.documents, specification.options, f"s3://{specification.bucket}"),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:8]


def _content_type(documents: Documents, options: TransformOptions) -> str:
    """Return the media type; with no more parameters than the image needs to find the text."""
    column = options.text_column
    kind = documents.kind
    if not kind.delimiter or column is None:
        return kind.content_type
    header = "present" if documents.has_header else "absent"
    # Said for commas too: no piece of a file shall be taken for another table.
    delimiter = "; delimiter=comma" if kind is CSV else ""
    return f'{kind.content_type}{delimiter}; text_column="{column}"; header={header}'


def _tags(tags: Mapping[str, str] = TAGS) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
