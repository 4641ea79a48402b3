"""The templates are right in every region, and keep the limits that no linter knows."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest

from frontend import endpoint
from textcnn.emulator.protocol.models import service_model
from textcnn.emulator.stacks.intrinsics import Values
from textcnn.emulator.stacks.parameters import parameters_of
from textcnn.emulator.stacks.resources import KINDS
from textcnn.emulator.stacks.return_values import ReturnValues
from textcnn.emulator.stacks.template import Template, read_template

TEMPLATES = Path(__file__).parents[2] / "cloud" / "textcnn" / "templates"
NAMES = sorted(path.stem for path in TEMPLATES.glob("*.yaml"))
# Templates name their tags so.
TAG = {"Key": "project", "Value": "textcnn"}
# cfn-lint 1.58 has none of SageMaker's resource types for it.
UNKNOWN_TO_THE_LINTER = {"me-central-1"}
# A generated name ends in a hyphen and so many characters.
RANDOM_CHARACTERS = 12
# The longest names that the services allow.
LONGEST = {
    "AWS::ApplicationAutoScaling::ScalingPolicy": 256,
    "AWS::Lambda::Function": 64,
    "AWS::S3::Bucket": 63,
    "AWS::CloudWatch::Alarm": 255,
    "AWS::IAM::Role": 64,
    "AWS::SageMaker::EndpointConfig": 63,
    "AWS::SageMaker::Model": 63,
    "AWS::Scheduler::Schedule": 64,
}


@cache
def template(name: str) -> Template:
    return read_template((TEMPLATES / f"{name}.yaml").read_text())


def regions() -> list[str]:
    return sorted(boto3.Session().get_available_regions("sagemaker"))


def lint(names: list[str], where: list[str]) -> None:
    """Run cfn-lint; what it says is the failure."""
    files = [str(TEMPLATES / f"{name}.yaml") for name in names]
    program = str(Path(sys.executable).with_name("cfn-lint"))
    command = [program, "--regions", *where, "--template", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_cfn_lint_is_content() -> None:
    """Types, properties and values are known."""
    lint(NAMES, ["us-east-1"])


@pytest.mark.exhaustive
def test_cfn_lint_is_content_in_all_commercial_regions() -> None:
    """Wherever there is SageMaker; but budgets are not a region's."""
    assert len(regions()) > 30
    lint(["foundation"], regions())
    lint(["endpoint", "page"], [name for name in regions() if name not in UNKNOWN_TO_THE_LINTER])


@pytest.mark.parametrize("name", NAMES)
def test_the_header_lists_every_parameter_and_output(name: str) -> None:
    """Who reads the file's head knows all that can be said and asked."""
    text = (TEMPLATES / f"{name}.yaml").read_text()
    head = text.split("AWSTemplateFormatVersion")[0]
    for section in ("Parameters", "Outputs"):
        for each in template(name).section(section):
            assert each in head, f"{each} is not in the head of {name}.yaml"


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_described_and_bounded(name: str) -> None:
    """Each has a description, and each text a pattern or values; lists are of identifiers."""
    for each, parameter in template(name).section("Parameters").items():
        assert parameter["Description"], each
        if parameter["Type"] == "String":
            assert {"AllowedPattern", "AllowedValues"} & set(parameter), each
        if parameter["Type"] == "Number":
            assert {"MinValue", "AllowedValues"} & set(parameter), each


@pytest.mark.parametrize("name", NAMES)
def test_whatever_takes_tags_has_the_projects(name: str) -> None:
    """So that it is found, and its cost can be told."""
    for each, resource in template(name).resources.items():
        tags = KINDS[resource["Type"]].tag_property
        if tags:
            found = resource["Properties"][tags]
            assert found == {"project": "textcnn"} or TAG in found, each


@pytest.mark.parametrize("name", NAMES)
def test_the_plain_defaults_satisfy_their_own_constraints(name: str) -> None:
    """A default that its own pattern refuses could never be used."""
    required = {
        "EndpointName": "name",
        "Image": "image",
        "ModelDataUrl": "s3://bucket/model.tar.gz",
        "RoleArn": "arn:aws:iam::123456789012:role/any",
        "BudgetEmail": "a@example.com",
        "EndpointArn": "arn:aws:sagemaker:us-east-1:123456789012:endpoint/name",
        "CodeBucket": "a-bucket",
        "CodeKey": "code.zip",
        "KeyDigest": "open",
    }
    declared = template(name).section("Parameters")
    given = [
        {"ParameterKey": each, "ParameterValue": required[each]}
        for each, parameter in declared.items()
        if "Default" not in parameter
    ]
    assert parameters_of(template(name), given, {})


def test_names_that_a_change_replaces_are_generated() -> None:
    """A fixed name would be taken when the new resource is made before the old one is gone."""
    for each, resource in template("endpoint").resources.items():
        if resource["Type"] in {"AWS::SageMaker::Model", "AWS::SageMaker::EndpointConfig"}:
            assert not {"ModelName", "EndpointConfigName"} & set(resource["Properties"]), each


def test_generated_names_leave_room_for_the_stacks() -> None:
    """CloudFormation cuts the stack's name where it must; the resource's is always legible."""
    for name in NAMES:
        for each, resource in template(name).resources.items():
            longest = LONGEST.get(resource["Type"])
            if longest:
                assert len(each) + RANDOM_CHARACTERS + 2 <= longest // 2, each


def test_the_endpoints_name_is_bounded_as_sagemaker_bounds_it() -> None:
    """The parameter allows what the service does, and no more."""
    shape = service_model("sagemaker").shape_for("EndpointName")
    parameter = template("endpoint").section("Parameters")["EndpointName"]
    assert parameter["MaxLength"] == shape.metadata["max"] == 63


def test_the_generated_buckets_name_is_short_enough_in_every_region() -> None:
    """textcnn-ACCOUNT-REGION within 63 characters, wherever it is."""
    longest = max(regions(), key=len)
    assert len(f"textcnn-123456789012-{longest}") <= 63


def test_numbers_are_within_the_services_ranges() -> None:
    """The bounds of parameters are those of the members that they become."""
    model = service_model("sagemaker")
    members = {
        "MaxConcurrency": "ServerlessMaxConcurrency",
        "MemorySizeInMB": "ServerlessMemorySizeInMB",
        "BakeSeconds": "WaitIntervalInSeconds",
        "CapturePercentage": "SamplingPercentage",
    }
    parameters = template("endpoint").section("Parameters")
    for name, shape in members.items():
        bounds = model.shape_for(shape).metadata
        allowed = parameters[name].get("AllowedValues") or [
            parameters[name]["MinValue"],
            parameters[name]["MaxValue"],
        ]
        assert bounds["min"] <= min(allowed), name
        assert max(allowed) <= bounds["max"], name


def test_the_repositorys_lifecycle_is_json_that_ecr_reads() -> None:
    """It is text in the template, which no linter looks into."""
    properties = template("foundation").resources["Repository"]["Properties"]
    rules = json.loads(properties["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
    assert [rule["action"] for rule in rules] == [{"type": "expire"}]
    assert rules[0]["selection"]["tagStatus"] == "untagged"


def test_the_schedules_input_is_the_operations_request() -> None:
    """EventBridge Scheduler hands it to DeleteEndpoint as it is."""
    resource: dict[str, Any] = template("endpoint").resources["Expiry"]
    pseudo = {"AWS::Partition": "aws"}
    given = {"EndpointName": "ends", "ExpiresAt": "2030-01-01T00:00:00", "SchedulerRoleArn": "r"}
    target = Values(template("endpoint"), given, pseudo).of(resource["Properties"]["Target"])
    assert target["Arn"] == "arn:aws:scheduler:::aws-sdk:sagemaker:deleteEndpoint"
    shape = service_model("sagemaker").operation_model("DeleteEndpoint").input_shape
    assert set(json.loads(target["Input"])) == set(shape.required_members)


def test_each_waits_longer_than_what_it_waits_for() -> None:
    """Endpoint, function, API, CloudFront: who waits is told by the one who knows what happened."""
    resources = template("page").resources
    function = resources["Function"]["Properties"]["Timeout"]
    api = resources["Integration"]["Properties"]["TimeoutInMillis"] / 1000
    (delivery,) = [
        each["CustomOriginConfig"]["OriginReadTimeout"]
        for each in resources["Distribution"]["Properties"]["DistributionConfig"]["Origins"]
        if "CustomOriginConfig" in each
    ]
    # What no linter knows: an HTTP API gives up after 30 seconds.
    bounds = service_model("apigatewayv2").shape_for("IntegerWithLengthBetween50And30000").metadata
    assert bounds["max"] == 30_000
    assert endpoint.CONNECT_SECONDS + endpoint.READ_SECONDS < function < api <= 30 <= delivery


def test_names_of_the_account_are_unique_and_short_enough() -> None:
    """CloudFront's names hold for all regions; they are made of the stack's own identifier."""
    uuid = "12345678-1234-1234-1234-123456789012"
    stack = f"arn:aws:cloudformation:us-east-1:123456789012:stack/{'x' * 128}/{uuid}"
    values = Values(template("page"), {}, {"AWS::StackId": stack})
    resources = template("page").resources
    access = resources["AccessControl"]["Properties"]["OriginAccessControlConfig"]["Name"]
    headers = resources["Headers"]["Properties"]["ResponseHeadersPolicyConfig"]["Name"]
    assert values.of(access) == values.of(headers) == f"textcnn-page-{uuid}"
    assert len(values.of(access)) <= 64


def test_the_pages_function_may_ask_one_endpoint_and_write_one_log() -> None:
    """And cannot make a log group anew; parliament looks at the same policy."""
    arn = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/letters"
    group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/textcnn-page-letters:*"
    made = {"LogGroup": ReturnValues("/aws/lambda/textcnn-page-letters", {"Arn": group})}
    values = Values(template("page"), {"EndpointArn": arn}, {}, made)
    (policy,) = template("page").resources["Role"]["Properties"]["Policies"]
    statements = values.of(policy["PolicyDocument"])["Statement"]
    assert [(each["Action"], each["Resource"]) for each in statements] == [
        ("sagemaker:InvokeEndpoint", arn),
        (["logs:CreateLogStream", "logs:PutLogEvents"], group),
    ]


def test_the_page_allows_nothing_inline_and_nobody_elses() -> None:
    """Its policy names no other host, no data, and lets no form take a text away."""
    headers = template("page").resources["Headers"]["Properties"]["ResponseHeadersPolicyConfig"]
    security = headers["SecurityHeadersConfig"]
    policy = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    directives = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    assert set(directives.values()) == {"'none'", "'self'"}
    for name in ("default-src", "base-uri", "form-action", "frame-ancestors"):
        assert directives[name] == "'none'"
    assert all(each["Override"] for each in security.values())
    behaviours = template("page").resources["Distribution"]["Properties"]["DistributionConfig"]
    every = [behaviours["DefaultCacheBehavior"], *behaviours["CacheBehaviors"]]
    assert all(each["ResponseHeadersPolicyId"] == {"Ref": "Headers"} for each in every)


def test_answers_are_not_kept_on_the_way() -> None:
    """AWS's own policies by their identifiers: CachingDisabled, AllViewerExceptHostHeader."""
    config = template("page").resources["Distribution"]["Properties"]["DistributionConfig"]
    (invocations,) = config["CacheBehaviors"]
    assert invocations["PathPattern"] == "/invocations"
    assert invocations["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert invocations["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-38738e2966ac"
