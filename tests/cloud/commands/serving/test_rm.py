"""``textcnn rm``: plans, names, and all of it."""

import json
from collections.abc import Iterator

import boto3
import pytest

from tests.cloud.commands.conftest import Command, push
from tests.cloud.commands.serving.interrupting import through
from tests.cloud.life import remains
from tests.support.emulated import TRUST, Client, own_emulator
from textcnn.errors import Exit
from textcnn.foundation import read_foundation
from textcnn.options import Context
from textcnn.results import Removed


@pytest.fixture
def own(pointed: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Clients of an account of these tests' own, at which the command is pointed, too."""
    assert pointed is None
    with own_emulator() as emulator:
        monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.url)
        session = boto3.Session()
        yield session.client


def leave(client: Client, name: str, image: str, archive: str, role: str) -> None:
    """Leave a model and a configuration of one name, as the SDK does; neither has a tag."""
    sagemaker = client("sagemaker")
    container = {"Image": image, "ModelDataUrl": archive}
    sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=role)
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": name,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])


def fill(client: Client) -> None:
    """Fill an account with what its foundation holds, and with what others left."""
    foundation = read_foundation(Context().aws)
    image = f"{foundation.repository_uri}:first"
    archive = f"s3://{foundation.bucket}/jobs/a/output/model.tar.gz"
    push(client, foundation.repository, "first")
    s3, logs, sagemaker = client("s3"), client("logs"), client("sagemaker")
    s3.put_bucket_versioning(
        Bucket=foundation.bucket, VersioningConfiguration={"Status": "Enabled"}
    )
    for number in range(3):
        s3.put_object(Bucket=foundation.bucket, Key="data/a.csv", Body=b"x" * number)
    s3.delete_object(Bucket=foundation.bucket, Key="data/a.csv")
    s3.create_multipart_upload(Bucket=foundation.bucket, Key="data/b.csv")
    s3.put_object(Bucket=foundation.bucket, Key="jobs/a/output/model.tar.gz", Body=b"a model")
    leave(client, "sdk", image, archive, foundation.role_arn)
    logs.create_log_group(logGroupName="/aws/sagemaker/Endpoints/sdk")
    sagemaker.create_model_package_group(ModelPackageGroupName="letters")
    sagemaker.create_model_package(
        ModelPackageGroupName="letters",
        InferenceSpecification={
            "Containers": [{"Image": image, "ModelDataUrl": archive}],
            "SupportedContentTypes": ["application/json"],
            "SupportedResponseMIMETypes": ["application/json"],
        },
    )


def leave_anothers(client: Client) -> None:
    """Leave a model, a bucket and a log of somebody else's."""
    s3, iam = client("s3"), client("iam")
    s3.create_bucket(Bucket="anothers-bucket")
    s3.put_object(Bucket="anothers-bucket", Key="model.tar.gz", Body=b"a model")
    client("logs").create_log_group(logGroupName="/aws/sagemaker/Endpoints/anothers")
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/other:1"
    trust = json.dumps(TRUST)
    role = iam.create_role(RoleName="anothers", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    leave(client, "anothers", image, "s3://anothers-bucket/model.tar.gz", role)


def test_all_leaves_nothing_however_often_it_is_ended(own: Client, textcnn: Command):
    """Versions, uploads, images, logs, the registry, roles: all goes; what is another's stays."""
    leave_anothers(own)
    anothers = remains(own)
    assert textcnn("setup", "--yes", "--budget-email", "someone@example.com").code == 0
    fill(own)
    told = textcnn("rm", "--all", "--dry-run")
    requests = json.loads(told.out)["dry_run"]
    assert {"delete_objects", "delete_stack", "delete_model_package"} <= {
        each["method"] for each in requests
    }
    assert len(remains(own)) > len(anothers), "a dry run has removed something"
    told, ended = through(textcnn, "rm", "--all", "--yes", "--output", "json")
    assert told.code == 0, told.err
    assert ended > 3
    assert remains(own) == anothers
    again = textcnn("rm", "--all", "--yes", "--output", "json")
    assert again.read(Removed).steps == []


def test_names_stand_for_whatever_has_them(client: Client, role: str, model: str, textcnn: Command):
    """A model and a configuration that the SDK left under one name go together."""
    leave(client, "rm-left", "123456789012.dkr.ecr.us-east-1.amazonaws.com/x:1", model, role)
    told = textcnn("rm", "rm-left", "--yes", "--output", "json")
    assert told.read(Removed).steps == [
        "delete the configuration: rm-left",
        "delete the model: rm-left",
    ]
    assert not client("sagemaker").list_models(NameContains="rm-left")["Models"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("rm",), Exit.USAGE, "give NAMES or --all"),
        (("rm", "a", "--all"), Exit.USAGE, "give NAMES or --all"),
        (("rm", "nothing-of-that-name", "--yes"), Exit.MISSING, "nothing-of-that-name"),
    ],
)
def test_what_cannot_be_removed_is_told(
    textcnn: Command, arguments: tuple[str, ...], code: Exit, says: str
):
    """With its exit code."""
    told = textcnn(*arguments)
    assert told.code == code
    assert says in told.err
