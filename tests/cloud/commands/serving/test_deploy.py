"""``textcnn deploy``: kinds of endpoints, plans, interruptions, and updates that fail."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import yaml

from tests.cloud.commands.conftest import Command
from tests.cloud.commands.serving.conftest import INSTANCE, WORKERS, Models
from tests.cloud.commands.serving.interrupting import through
from textcnn import stacks
from textcnn.aws import Aws
from textcnn.deployment.carry_out import TEMPLATE
from textcnn.deployment.environment import with_environment
from textcnn.errors import Exit
from textcnn.foundation import Foundation
from textcnn.results import Answers, Deployed, Removed
from textcnn.stacks import Stack

Client = Callable[[str], Any]
TEXT = "the policy is good"


def test_an_instance_runs_as_it_was_asked_for(
    served: Deployed, client: Client, foundation: Foundation
):
    """In service with the new configuration, capturing, with an end that is scheduled."""
    assert (served.kind, served.status) == ("instance", "InService")
    assert served.ends is not None
    found = client("sagemaker").describe_endpoint(EndpointName=served.endpoint)
    assert found["EndpointConfigName"] == served.configuration
    configuration = client("sagemaker").describe_endpoint_config(
        EndpointConfigName=served.configuration
    )
    capture = configuration["DataCaptureConfig"]
    assert capture["DestinationS3Uri"] == f"s3://{foundation.bucket}/capture"
    (schedule,) = [
        each
        for each in client("scheduler").list_schedules()["Schedules"]
        if each["Name"].startswith(served.stack)
    ]
    told = client("scheduler").get_schedule(Name=schedule["Name"])
    assert told["ScheduleExpression"] == f"at({served.ends.removesuffix('+00:00')})"


def test_a_failed_update_is_a_failure(
    served: Deployed, models: Models, textcnn: Command, ask: Command, client: Client
):
    """It is rolled back and said so; what ran before goes on to answer."""
    broken = models.put("broken-1", b"no archive at all")
    told = textcnn("deploy", broken, "--name", served.endpoint, *INSTANCE, *WORKERS, "--yes")
    assert told.code == Exit.FAILED
    assert "was rolled back, it runs what it ran before" in told.err
    assert "in service" not in told.out
    found = client("sagemaker").describe_endpoint(EndpointName=served.endpoint)
    assert found["EndpointConfigName"] == served.configuration
    assert ask(TEXT, "--output", "json").read(Answers).predictions


def test_ended_at_each_change_it_comes_to_one_endpoint_and_to_none(
    model: str, textcnn: Command, client: Client
):
    """Both commands, each ended a change later until it comes through: right in the end."""
    arguments = ("deploy", model, "--name", "interrupted", *WORKERS, "--yes", "--output", "json")
    told, ended = through(textcnn, *arguments)
    assert told.code == 0, told.err
    assert ended >= 2, "a change set is made and executed"
    deployed: Deployed = told.read(Deployed)
    assert (deployed.kind, deployed.status, deployed.ends) == ("serverless", "InService", None)
    answered = textcnn("ask", TEXT, "-e", "interrupted", "--output", "json").read(Answers)
    assert answered.predictions
    told, ended = through(textcnn, "rm", "interrupted", "--yes", "--output", "json")
    assert told.code == 0, told.err
    assert ended >= 1
    left = client("sagemaker").list_models(NameContains="interrupted")["Models"]
    left += client("sagemaker").list_endpoints(NameContains="interrupted")["Endpoints"]
    assert not left
    again = textcnn("rm", "interrupted", "--yes", "--output", "json")
    assert again.read(Removed).steps == []


def test_a_dry_run_makes_nothing(model: str, textcnn: Command, client: Client):
    """It shows plan and change set, and leaves no stack."""
    arguments = ("deploy", model, "--name", "dry", *INSTANCE, "--autoscale", "1:3", "--for", "90m")
    told = textcnn(*arguments, "--dry-run")
    assert told.code == 0, told.err
    assert "1 x ml.m5.large, scaled from 1 to 3" in told.err
    assert "in 1 h 30 min" in told.err
    assert "AWS::ApplicationAutoScaling::ScalableTarget" in told.out
    stacks = client("cloudformation").describe_stacks()["Stacks"]
    assert "textcnn-endpoint-dry" not in {each["StackName"] for each in stacks}


def test_another_instance_type_waits_until_scaling_is_off(
    served: Deployed, model: str, textcnn: Command, monkeypatch: pytest.MonkeyPatch
):
    """SageMaker would refuse the update of what is scaled, which is told before it begins."""
    real = stacks.find

    def find(aws: Aws, name: str) -> Stack | None:
        found = real(aws, name)
        if found is None or name != served.stack:
            return found
        return replace(found, parameters={**found.parameters, "MaxInstances": "3"})

    monkeypatch.setattr(stacks, "find", find)
    told = textcnn(
        "deploy", model, "--name", served.endpoint, "--instance-type", "ml.c5.xlarge", "--yes"
    )
    assert told.code == Exit.USAGE
    assert "--instance-type ml.m5.large and without --autoscale" in told.err


def test_it_asks_before_it_makes(model: str, textcnn: Command):
    """Without a terminal and --yes nothing is made."""
    told = textcnn("deploy", model, "--name", "asked")
    assert told.code == Exit.USAGE
    assert "--yes" in told.err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--capture", "50", "--subnet", "s"), "no data capture (--capture) and no VPC (--subnet)"),
        (("--autoscale", "1:2"), "no range of instances"),
        (("--memory", "1000"), "no size of a serverless endpoint"),
        ((*INSTANCE, "--autoscale", "0:2"), "only an asynchronous endpoint scales down to 0"),
        ((*INSTANCE, "--autoscale", "3:2"), "no range of instances"),
        ((*INSTANCE, "--subnet", "s"), "needs subnets and security groups"),
        ((*INSTANCE, "--for", "soon"), "no length of time"),
        ((*INSTANCE, "--for", "5m"), "at least 15m"),
        (("--for", "8h"), "a serverless endpoint does not end by itself"),
        ((*INSTANCE, "--for", "8h", "--keep"), "--for and --keep exclude each other"),
        (("--env", "WORKERS"), "no variable"),
        (("--name", "no_name"), "cannot be the name of an endpoint"),
        (("--registered", "group"), "one of them"),
    ],
)
def test_choices_that_cannot_be_are_told(
    model: str, textcnn: Command, options: tuple[str, ...], says: str
):
    """Before anything is made, with the exit code of usage."""
    told = textcnn("deploy", model, *options, "--yes")
    assert told.code == Exit.USAGE, told.err
    assert says in told.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("no-such-job",), "no training job no-such-job"),
        (("s3://{bucket}/nothing/model.tar.gz",), "there is no s3://"),
        (("--registered", "no-such-group"), "no version of no-such-group"),
    ],
)
def test_models_that_are_not_there_are_told(
    foundation: Foundation, textcnn: Command, arguments: tuple[str, ...], says: str
):
    """With the exit code of what is missing."""
    told = textcnn("deploy", *(each.format(bucket=foundation.bucket) for each in arguments))
    assert told.code == Exit.MISSING, told.err
    assert says in told.err


def test_the_registry_gives_its_newest_approved_version(
    model: str, textcnn: Command, client: Client, foundation: Foundation
):
    """A version that waits for approval is not deployed."""
    sagemaker, group = client("sagemaker"), "approved-group"
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    container = {"Image": f"{foundation.repository_uri}:first", "ModelDataUrl": model}
    specification = {
        "Containers": [container],
        "SupportedContentTypes": ["application/json"],
        "SupportedResponseMIMETypes": ["application/json"],
    }
    versions = [
        sagemaker.create_model_package(
            ModelPackageGroupName=group,
            InferenceSpecification=specification,
            ModelApprovalStatus="PendingManualApproval",
        )["ModelPackageArn"]
        for _ in range(3)
    ]
    told = textcnn("deploy", "--registered", group, "--dry-run")
    assert told.code == Exit.MISSING
    assert "none of the 3 versions" in told.err
    for arn in versions[:2]:
        sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
    told = textcnn("deploy", "--registered", group, "--dry-run", "--output", "json")
    assert told.read(Deployed).endpoint == f"{group}-2"


def test_variables_are_written_into_the_template():
    """All else is as it was, functions in their short form included."""
    text = TEMPLATE.read_text(encoding="utf-8")
    variables = {"MAX_TOKENS": "100", "ODD": "yes: #1", "ENDPOINT_KIND": "real-time"}
    before, after = _read(text), _read(with_environment(text, variables))
    containers = [
        each["Resources"]["Model"]["Properties"]["PrimaryContainer"] for each in (before, after)
    ]
    own, written = (container.pop("Environment") for container in containers)
    assert own["ENDPOINT_KIND"] != "real-time"
    assert written == {**own, **variables}
    assert after == before


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short functions as pairs of their name and what they are given."""


def _function(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return tag, loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return tag, loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return tag, loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _function)


def _read(template: str) -> Any:
    return yaml.load(template, _Loader)
