"""``textcnn doctor``: problems have a remedy, and what is unknown is no problem."""

import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.stub import Stubber

from textcnn import foundation as foundation_module
from textcnn.doctor import foundation as foundation_checks
from textcnn.doctor import image, limits
from textcnn.doctor.checks import ExaminedAccount, examine
from textcnn.doctor.run import checks
from textcnn.emulator.server import Emulator
from textcnn.foundation import Foundation
from textcnn.options import Context
from textcnn.results import Doctor

from .conftest import Command, push

TYPE = "ml.c5.xlarge"


@pytest.mark.usefixtures("foundation")
def test_all_is_well_after_setup_and_a_push(textcnn: Command):
    """What the emulator cannot say is unknown, and the exit code is 0."""
    told = textcnn("doctor", "--output", "json")
    assert told.code == 0
    states = {check.subject: check.state for check in told.read(Doctor).checks}
    assert states == {
        **dict.fromkeys(("credentials", "region", "stack", "role", "bucket", "image"), "ok"),
        **dict.fromkeys(("platform", "quotas", "lambda"), "unknown"),
        "endpoints": "ok",
    }
    lines = textcnn("doctor").out.splitlines()
    assert any(line.startswith("ok       bucket       textcnn-") for line in lines)


def test_without_a_foundation_it_says_what_to_do(textcnn: Command, monkeypatch: pytest.MonkeyPatch):
    """A problem makes the exit code 1; other checks have their turn."""
    for module in (foundation_module, foundation_checks):
        monkeypatch.setattr(module, "STACK", "textcnn-nowhere")
    told = textcnn("doctor")
    assert told.code == 1
    assert "problem  stack        textcnn-nowhere is not there" in told.out
    assert "`textcnn setup`" in told.out
    assert "endpoints" in told.out


def test_expired_credentials_end_the_examination(textcnn: Command, emulator: Emulator):
    """Nothing else can be found out then."""
    emulator.account.faults.add("expired-token", "sts:GetCallerIdentity")
    told = textcnn("doctor", "--output", "json")
    assert told.code == 1
    (check,) = told.read(Doctor).checks
    assert check.finding == "the AWS credentials have expired"
    assert "aws sso login" in check.remedy


def test_a_role_that_trusts_somebody_else_is_a_problem(foundation: Foundation, client):
    """SageMaker must be allowed to take it."""
    document = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
    made = client("iam").create_role(
        RoleName="another", AssumeRolePolicyDocument=json.dumps(document)
    )
    other = replace(foundation, role_arn=made["Role"]["Arn"])
    (check,) = foundation_checks.role(ExaminedAccount(Context().aws, other, TYPE))
    assert check.state == "problem"
    assert check.finding == "another does not trust sagemaker.amazonaws.com"


def test_an_image_index_is_a_problem(foundation: Foundation, client):
    """SageMaker refuses what buildx pushes by default."""
    name = "with-an-index"
    made = client("ecr").create_repository(repositoryName=name)["repository"]
    other = replace(foundation, repository=name, repository_uri=made["repositoryUri"])
    patient = ExaminedAccount(Context().aws, other, TYPE)
    (check,) = image.image(patient)
    assert check.finding == f"there is no image in the repository {name}"
    push(client, name, "latest", mediaType="application/vnd.oci.image.manifest.v1+json")
    (check,) = image.image(patient)
    assert check.state == "problem"
    assert "oci.image" in check.finding
    assert check.remedy.endswith(f"./build_and_push.sh {name}")


def test_quotas_are_told_by_use():
    """0 is a problem but for spot instances, without which jobs run on demand."""
    quotas = {
        f"{TYPE} for training job usage": 2.0,
        f"{TYPE} for spot training job usage": 0.0,
        f"{TYPE} for endpoint usage": 0.0,
        "ml.m5.large for endpoint usage": 4.0,
    }
    context = Context()
    answer = [{"QuotaName": name, "Value": value} for name, value in quotas.items()]
    with Stubber(context.aws.advice_client("service-quotas")) as stub:
        stub.add_response("list_service_quotas", {"Quotas": answer}, {"ServiceCode": "sagemaker"})
        found = list(limits.quotas(ExaminedAccount(context.aws, None, TYPE)))
    assert [(check.state, check.finding) for check in found] == [
        ("ok", f"{TYPE} training job: 2"),
        ("ok", f"{TYPE} spot training job: 0, so jobs run on demand"),
        ("problem", f"{TYPE} endpoint: 0"),
        ("unknown", f"{TYPE} transform job: Service Quotas tells none"),
    ]


def test_lambda_of_a_new_account_is_told():
    """10 at once is what new accounts have."""
    context = Context()
    answer: dict[str, Any] = {"AccountLimit": {"ConcurrentExecutions": 10}}
    with Stubber(context.aws.advice_client("lambda")) as stub:
        stub.add_response("get_account_settings", answer, {})
        (check,) = limits.lambda_concurrency(ExaminedAccount(context.aws, None, TYPE))
    assert check.finding == "10 requests at once"
    assert "Service Quotas" in check.remedy


def test_what_aws_refuses_to_say_is_unknown(emulator: Emulator):
    """A check that fails is one line, and keeps no other from its turn."""
    emulator.account.faults.add("throttling", "lambda:GET", times=2)
    patient = ExaminedAccount(Context().aws, None, TYPE)
    (check,) = examine("lambda", limits.lambda_concurrency, patient)
    emulator.account.faults.clear()
    assert check.state == "unknown"
    assert {each.subject for each in checks(patient.aws, TYPE)} >= {"region", "endpoints"}
