"""The policies grant what they say, to what they name, and no more."""

import importlib
import importlib.util
import json
import sys
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from botocore.session import get_session

from textcnn.emulator.recording.actions import ACTIONS, ALSO, HANDLERS, PREFIXES
from textcnn.emulator.stacks.intrinsics import Values
from textcnn.emulator.stacks.return_values import ReturnValues
from textcnn.emulator.stacks.template import read_template

CLOUD = Path(__file__).parents[2] / "cloud" / "textcnn"
NAMES = sorted(path.stem for path in (CLOUD / "policies").glob("*.json"))
# What the file of the execution role is written for.
ACCOUNT, REGION = "111122223333", "us-east-1"
BUCKET = f"textcnn-{ACCOUNT}-{REGION}"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"

# The services whose signing name is not the name of their model.
MODELS = {"apigateway": "apigatewayv2", "monitoring": "cloudwatch"}


def policy(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((CLOUD / "policies" / f"{name}.json").read_text())
    return read


def actions(name: str) -> set[str]:
    """Return all that a policy allows."""
    allowed: set[str] = set()
    for statement in policy(name)["Statement"]:
        action = statement["Action"]
        allowed |= {action} if isinstance(action, str) else set(action)
    return allowed


def granted(parameters: dict[str, str]) -> dict[str, Any]:
    """Return the execution role's policy as the foundation's template grants it."""
    template = read_template((CLOUD / "templates" / "foundation.yaml").read_text())
    given = {"BucketName": "", "RepositoryName": "text-classification", **parameters}
    pseudo = {"AWS::AccountId": ACCOUNT, "AWS::Region": REGION, "AWS::Partition": "aws"}
    repository = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/text-classification"
    made = {
        "Bucket": ReturnValues(BUCKET, {"Arn": f"arn:aws:s3:::{BUCKET}"}),
        "Repository": ReturnValues("text-classification", {"Arn": repository}),
    }
    values = Values(template, given, pseudo, made)
    policies = template.resources["ExecutionRole"]["Properties"]["Policies"]
    found: dict[str, Any] = values.of(policies[0]["PolicyDocument"])
    return found


@pytest.fixture(scope="module")
def parliament() -> ModuleType:
    """parliament, which asks a module for its files that setuptools does not have any more."""
    old = ModuleType("pkg_resources")
    old.resource_filename = lambda package, name: str(  # type: ignore[attr-defined]
        Path(str(importlib.util.find_spec(package).origin)).parent / name  # type: ignore[union-attr]
    )
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setitem(sys.modules, "pkg_resources", old)
        # It leaves two files to the garbage collector, and has escapes that Python warns of where
        # it compiles them.
        for category in (ResourceWarning, DeprecationWarning, SyntaxWarning):
            warnings.simplefilter("ignore", category)
        return importlib.import_module("parliament")


@pytest.mark.parametrize("name", NAMES)
def test_parliament_finds_nothing(parliament: ModuleType, name: str) -> None:
    """No unknown action, no resource of the wrong type, no star where there need be none."""
    findings = parliament.analyze_policy_string(json.dumps(policy(name))).findings
    assert [(each.issue, each.detail) for each in findings] == []


def test_parliament_finds_nothing_in_the_pages_role(parliament: ModuleType) -> None:
    """Its policy is in the template alone: nobody makes that role by other means."""
    template = read_template((CLOUD / "templates" / "page.yaml").read_text())
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/textcnn-page-letters:*"
    endpoint = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/letters"
    made = {"LogGroup": ReturnValues("/aws/lambda/textcnn-page-letters", {"Arn": arn})}
    values = Values(template, {"EndpointArn": endpoint}, {}, made)
    (granted,) = template.resources["Role"]["Properties"]["Policies"]
    text = json.dumps(values.of(granted["PolicyDocument"]))
    findings = parliament.analyze_policy_string(text).findings
    assert [(each.issue, each.detail) for each in findings] == []


def test_parliament_would_find_something(parliament: ModuleType) -> None:
    """It knows actions and the resources that they take."""
    statement = {"Effect": "Allow", "Action": ["s3:GetObjekt"], "Resource": "arn:aws:s3:::a"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    assert parliament.analyze_policy_string(text).findings


def test_the_execution_roles_file_is_what_the_template_grants() -> None:
    """With a key and a VPC; without them, the same but for those statements."""
    everything = {"KmsKeyArn": KEY, "AllowVpc": "true"}
    assert granted(everything) == policy("execution-role")
    statements = granted({"KmsKeyArn": "", "AllowVpc": "false"})["Statement"]
    optional = {"Key", "KeyForVolumes", "NetworkInterfaces", "Networks"}
    assert statements == [
        each for each in policy("execution-role")["Statement"] if each["Sid"] not in optional
    ]


@pytest.mark.parametrize("name", NAMES)
def test_statements_have_names_of_their_own_and_sorted_actions(name: str) -> None:
    """A difference between two versions is then a difference in what is granted."""
    statements = policy(name)["Statement"]
    assert len({each["Sid"] for each in statements}) == len(statements)
    for each in statements:
        listed = each["Action"] if isinstance(each["Action"], list) else [each["Action"]]
        assert listed == sorted(set(listed)), each["Sid"]
        assert not any("*" in action for action in listed), each["Sid"]


@pytest.mark.parametrize(
    "kind",
    [
        "endpoint",
        "endpoint-config",
        "hyper-parameter-tuning-job",
        "model",
        "model-package-group",
        "training-job",
        "transform-job",
    ],
)
def test_the_tags_of_all_that_is_listed_can_be_read(kind: str) -> None:
    """`ls` and `rm --all` tell by its tags what is ours."""
    readable = {
        resource
        for statement in policy("operator")["Statement"]
        if "sagemaker:ListTags" in statement["Action"]
        for resource in (
            [statement["Resource"]]
            if isinstance(statement["Resource"], str)
            else statement["Resource"]
        )
    }
    assert f"arn:aws:sagemaker:*:*:{kind}/*" in readable


def test_roles_are_passed_to_three_services_alone() -> None:
    """Who may pass any role to any service is an administrator."""
    (statement,) = [
        each for each in policy("operator")["Statement"] if "iam:PassRole" in each["Action"]
    ]
    assert statement["Resource"] == "arn:aws:iam::*:role/textcnn-*"
    assert statement["Condition"]["StringEquals"]["iam:PassedToService"] == [
        "lambda.amazonaws.com",
        "sagemaker.amazonaws.com",
        "scheduler.amazonaws.com",
    ]


def test_recorded_operations_and_policies_speak_the_same_language(parliament: ModuleType) -> None:
    """Every action that the emulator derives from an operation is one that IAM knows."""
    for operation, action in ACTIONS.items():
        service, name = operation.split(":")
        model = get_session().get_service_model(MODELS.get(service, service))
        assert name in model.operation_names, operation
        prefix, privilege = action.split(":")
        assert parliament.expand_action(f"{prefix}:{privilege}"), action
    for prefix in PREFIXES.values():
        assert parliament.expand_action(f"{prefix}:*"), prefix


def test_tables_of_further_actions_name_operations_and_actions_that_exist(
    parliament: ModuleType,
) -> None:
    """And the operator may do all of them, since textcnn makes all these resources."""
    allowed = actions("operator")
    for table in (ALSO, HANDLERS):
        for operation, further in table.items():
            service, name = operation.split(":")
            model = get_session().get_service_model(MODELS.get(service, service))
            assert name in model.operation_names, operation
            assert set(further) <= allowed, operation
            assert all(parliament.expand_action(action) for action in further), operation
