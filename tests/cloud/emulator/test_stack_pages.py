"""The template of pages on the executor: what it makes, changes and refuses, and leaves nothing."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.cloud.emulator.stacks import Stacks, given, template
from tests.support.emulated import Client
from tests.support.visitor import Visitor

BODY = template("page")
ROLES = {"Capabilities": ["CAPABILITY_IAM"]}
# A function that tells what it was handed, or fails as it is asked to.
ECHO = """
import json, os, sys, time

def handle(event, context):
    asked = {} if event["isBase64Encoded"] else json.loads(event["body"])
    if "exit" in asked:
        sys.exit(1)
    if "raise" in asked:
        raise ValueError("no")
    time.sleep(asked.get("sleep", 0))
    told = {"event": event, "version": os.environ["VERSION"], "process": os.getpid()}
    return {"statusCode": 418, "headers": {"x-own": "1"}, "body": json.dumps(told)}
"""


@pytest.fixture(scope="module")
def stacks(client: Client) -> Stacks:
    return Stacks(client)


@pytest.fixture(scope="module")
def code(client: Client, bucket: str) -> str:
    """A function's zip in S3; its key."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("frontend/__init__.py", "")
        archive.writestr("frontend/handler.py", ECHO)
    client("s3").put_object(Bucket=bucket, Key="pages/echo.zip", Body=written.getvalue())
    return "pages/echo.zip"


def parameters(bucket: str, code: str, **others: Any) -> dict[str, Any]:
    return {
        "EndpointName": "letters",
        "EndpointArn": "arn:aws:sagemaker:us-east-1:123456789012:endpoint/letters",
        "CodeBucket": bucket,
        "CodeKey": code,
        "KeyDigest": hashlib.sha256(b"key").hexdigest(),
        **others,
    }


def body(version: str, **replaced: str) -> str:
    """Return the template with a function that has a version, and other things replaced."""
    changed = BODY.replace("ENDPOINT_NAME: !Ref EndpointName", f"VERSION: '{version}'")
    for name, value in replaced.items():
        old = {"handler": "frontend.handler.handle", "seconds": "Timeout: 28"}[name]
        changed = changed.replace(old, value)
    return changed


@pytest.fixture(scope="module")
def echo(stacks: Stacks, bucket: str, code: str) -> Iterator[str]:
    """A stack whose function is the echo, for tests that only ask."""
    name = "pages-echo"
    asked = parameters(bucket, code, Burst=100, RequestsPerSecond=100)
    stacks.create(name, body("1", seconds="Timeout: 3"), Parameters=asked, **ROLES)
    yield name
    stacks.delete(name)


@pytest.fixture
def visitor(stacks: Stacks, echo: str) -> Visitor:
    return visit(stacks, echo)


def visit(stacks: Stacks, name: str) -> Visitor:
    return Visitor(f"http://{stacks.outputs(name)['DomainName']}/")


def test_a_function_is_handed_what_an_http_api_hands_over(visitor: Visitor) -> None:
    """Version 2.0: headers in small letters, the API's own name as host, text as text."""
    response = visitor.ask({"a": "ä"}, **{"X-Page-Key": "key", "Accept": "application/json"})
    assert (response.status, response.headers["x-own"]) == (418, "1")
    event = response.json()["event"]
    assert (event["version"], event["routeKey"]) == ("2.0", "POST /invocations")
    assert json.loads(event["body"]) == {"a": "ä"}
    headers = event["headers"]
    assert (headers["x-page-key"], headers["accept"]) == ("key", "application/json")
    assert headers["host"] == event["requestContext"]["domainName"]
    assert headers["host"].endswith(".execute-api.us-east-1.amazonaws.com")
    encoded = visitor.send("POST", "/invocations", b"{}", {"Content-Type": "application/jsonlines"})
    assert encoded.json()["event"]["isBase64Encoded"] is True


def test_one_process_answers_one_request_after_the_other(visitor: Visitor) -> None:
    """As an execution environment does, and without the cold start of the first."""
    assert len({visitor.ask({}).json()["process"] for _ in range(3)}) == 1


def test_two_requests_at_once_are_answered_by_two_processes(visitor: Visitor) -> None:
    """An execution environment answers one at a time; there are as many as are needed.

    When both are free again, the one that answered last is asked.
    """
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(visitor.ask, [{"sleep": 1}, {"sleep": 1}]))
    assert len({each.json()["process"] for each in both}) == 2
    assert len({visitor.ask({}).json()["process"] for _ in range(3)}) == 1


@pytest.mark.parametrize("asked", [{"raise": 1}, {"exit": 1}, {"sleep": 5}])
def test_a_function_that_fails_is_an_internal_error(
    visitor: Visitor, asked: dict[str, int]
) -> None:
    """It raises, its process ends, or it takes longer than it may; the next request is answered."""
    failed = visitor.ask(asked)
    assert (failed.status, failed.json()) == (500, {"message": "Internal Server Error"})
    assert visitor.ask({}).status == 418


def test_an_update_changes_what_visitors_meet(
    stacks: Stacks, bucket: str, code: str, client: Client
) -> None:
    """The function's settings, the throttle, the headers: each without making anything anew."""
    name = "pages-update"
    asked = parameters(bucket, code)
    stacks.create(name, body("1"), Parameters=asked, **ROLES)
    before, visitor = stacks.outputs(name), visit(stacks, name)
    assert visitor.ask({}).json()["version"] == "1"
    changed = body("2").replace("AccessControlMaxAgeSec: 31536000", "AccessControlMaxAgeSec: 60")
    asked |= {"Burst": 1, "RequestsPerSecond": 1, "LogDays": 7, "ReservedConcurrency": 2}
    stacks.update(name, changed, Parameters=asked, Tags={"team": "letters"}, **ROLES)
    assert stacks.outputs(name) == before
    responses = [visitor.ask({}) for _ in range(4)]
    assert responses[0].json()["version"] == "2"
    assert responses[0].headers["strict-transport-security"] == "max-age=60"
    assert 429 in {each.status for each in responses}
    (group,) = client("logs").describe_log_groups(logGroupNamePrefix=before["LogGroupName"])[
        "logGroups"
    ]
    assert group["retentionInDays"] == 7
    reserved = client("lambda").get_function(FunctionName=before["FunctionName"])["Concurrency"]
    assert reserved == {"ReservedConcurrentExecutions": 2}
    stacks.delete(name)
    assert visitor.get("/").status == 404


def test_what_is_made_has_the_tags_of_the_stack(stacks: Stacks, echo: str, client: Client) -> None:
    """Whatever form a service has for them: lists or maps, the project's beside the stack's."""
    outputs = stacks.outputs(echo)
    function = client("lambda").get_function(FunctionName=outputs["FunctionName"])
    (api,) = [each for each in client("apigatewayv2").get_apis()["Items"] if each["Name"] == echo]
    cloudfront = client("cloudfront")
    distribution = cloudfront.get_distribution(Id=outputs["DistributionId"])["Distribution"]
    tags = cloudfront.list_tags_for_resource(Resource=distribution["ARN"])["Tags"]["Items"]
    assert function["Tags"]["project"] == api["Tags"]["project"] == "textcnn"
    assert {"Key": "project", "Value": "textcnn"} in tags


def test_the_bucket_is_read_through_its_distribution_alone(
    stacks: Stacks, echo: str, visitor: Visitor, client: Client
) -> None:
    """A policy for another distribution, or none, and the page is gone."""
    bucket = stacks.outputs(echo)["BucketName"]
    s3 = client("s3")
    s3.put_object(Bucket=bucket, Key="index.html", Body=b"here", ContentType="text/html")
    assert visitor.get("/").body == b"here"
    policy = s3.get_bucket_policy(Bucket=bucket)["Policy"]
    other = policy.replace(stacks.outputs(echo)["DistributionId"], "EANOTHERS")
    s3.put_bucket_policy(Bucket=bucket, Policy=other)
    assert visitor.get("/").status == 403
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    assert visitor.get("/").status == 200
    s3.delete_object(Bucket=bucket, Key="index.html")


def test_the_api_may_invoke_only_what_lets_it(
    stacks: Stacks, echo: str, visitor: Visitor, client: Client
) -> None:
    """Without the permission a page would say nothing but that something went wrong; as on AWS."""
    functions, name = client("lambda"), stacks.outputs(echo)["FunctionName"]
    (statement,) = json.loads(functions.get_policy(FunctionName=name)["Policy"])["Statement"]
    source = statement["Condition"]["ArnLike"]["AWS:SourceArn"]
    named = {"FunctionName": name, "StatementId": statement["Sid"]}
    added = {"Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com"}
    functions.remove_permission(**named)
    assert visitor.ask({}).status == 500
    functions.add_permission(**named, **added, SourceArn=source.replace("POST", "GET"))
    assert visitor.ask({}).status == 500
    functions.remove_permission(**named)
    functions.add_permission(**named, **added, SourceArn=source)
    assert visitor.ask({}).status == 418


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("TimeoutInMillis: 30000", "TimeoutInMillis: 60000"), "60000"),
        (("ProtocolType: HTTP", "ProtocolType: WEBSOCKET"), "HTTP alone"),
        (("AutoDeploy: true", "AutoDeploy: false"), "AutoDeploy alone"),
        (("DefaultRootObject: index.html", "RootObject: index.html"), "RootObject"),
    ],
)
def test_what_the_services_refuse_is_a_failed_stack(
    stacks: Stacks, bucket: str, code: str, change: tuple[str, str], reason: str
) -> None:
    """A time-out that no linter knows, and what the emulator does not have; nothing is left."""
    name = "pages-refused"
    assert change[0] in BODY
    asked = parameters(bucket, code)
    stack = stacks.create_in_vain(name, BODY.replace(*change), Parameters=asked, **ROLES)
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    failed = [each for each in stacks.events(name) if each["ResourceStatus"] == "CREATE_FAILED"]
    assert reason in failed[0]["ResourceStatusReason"]
    stacks.delete(name)


def test_a_parameter_is_neither_shown_nor_lost(stacks: Stacks, bucket: str, code: str) -> None:
    """The digest is hidden, and can be kept by an update that does not know it."""
    asked = parameters(bucket, code)
    with pytest.raises(ClientError, match="64 hexadecimal digits, or the word open"):
        stacks.create("pages-hidden", BODY, Parameters={**asked, "KeyDigest": ""}, **ROLES)
    stacks.create("pages-hidden", BODY, Parameters=asked, **ROLES)
    shown = stacks.find("pages-hidden")["Parameters"]
    values = {each["ParameterKey"]: each["ParameterValue"] for each in shown}
    assert values["KeyDigest"] == "****"
    del asked["KeyDigest"]
    kept: list[dict[str, Any]] = [
        *given({**asked, "LogDays": 1}),
        {"ParameterKey": "KeyDigest", "UsePreviousValue": True},
    ]
    stacks.formation.update_stack(
        StackName="pages-hidden", UsePreviousTemplate=True, Parameters=kept, **ROLES
    )
    stacks.wait("stack_update_complete", "pages-hidden")
    assert stacks.outputs("pages-hidden")["Access"] == "closed"
    stacks.delete("pages-hidden")
