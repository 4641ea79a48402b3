"""``textcnn page``: deployed, asked, changed, listed, removed; and what it tells of itself."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cloud.commands.conftest import Command, pointed_at, run
from tests.cloud.commands.serving.conftest import WORKERS
from tests.cloud.commands.serving.interrupting import ended_at
from tests.support.emulated import Client, fault
from tests.support.visitor import Visitor, write_page
from tests.support.waiting import wait_until
from textcnn.emulator.server import Emulator
from textcnn.errors import Exit
from textcnn.foundation import Foundation
from textcnn.page.files import CACHING
from textcnn.results import Listed, Page, Removed

TEXT = "the policy is good, and nobody else's business"
ASKED = "asked-by-page"


@pytest.fixture(scope="module")
def endpoint(emulator: Emulator, model: str) -> Iterator[str]:
    """A serverless endpoint, which pages of these tests are in front of, one after the other."""
    with pointed_at(emulator):
        told = run("deploy", model, "--name", "paged", *WORKERS, "--yes")
        assert told.code == 0, told.err
        yield "paged"
        assert run("rm", "paged", "--yes").code == 0


@pytest.fixture(scope="module")
def shared(
    emulator: Emulator, model: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    """A closed page for tests that only ask."""
    files = write_page(tmp_path_factory.mktemp("shared"))
    with pointed_at(emulator):
        told = run("deploy", model, "--name", ASKED, *WORKERS, "--yes")
        assert told.code == 0, told.err
        given = ("page", "deploy", ASKED, "--files", str(files), "--yes", "--output", "json")
        yield run(*given).read(Page)
        assert run("rm", ASKED, "--yes").code == 0


@pytest.fixture
def visitor(shared: Page) -> Visitor:
    return Visitor(shared.link)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The files of a test's own page."""
    return write_page(tmp_path)


@pytest.fixture
def deploy(endpoint: str, files: Path, textcnn: Command) -> Iterator[Callable[..., Page]]:
    """Deploys a test's own page, again and again; afterwards nothing is left of it."""

    def deployed(*options: str) -> Page:
        given = ("page", "deploy", endpoint, "--files", str(files), *options)
        found: Page = textcnn(*given, "--yes", "--output", "json").read(Page)
        return found

    yield deployed
    textcnn("page", "remove", endpoint, "--yes")


def test_a_link_opens_the_page_and_lets_ask(shared: Page, visitor: Visitor) -> None:
    """Its files with their headers, and the model's answer through all that stands before it."""
    assert (shared.access, shared.endpoint) == ("closed", ASKED)
    assert shared.link == f"{shared.address}#key={visitor.key}"
    assert len(visitor.key) == 32
    shown = visitor.get("/")
    assert (shown.status, shown.body) == (200, b"<!doctype html><title>A page</title>")
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert shown.headers["cache-control"] == CACHING
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert visitor.get("/parts/main.js").headers["content-type"].startswith("text/javascript")
    assert visitor.get("/config.json").json() == {"invocations": "/invocations", "key": True}
    answer = visitor.ask({"text": TEXT, "parameters": {"model": True}})
    assert answer.status == 200
    assert set(answer.json()) == {"predictions", "model"}
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_what_is_no_file_of_the_page_is_not_there(visitor: Visitor) -> None:
    """Not for visitors; and nothing but /invocations takes what they send."""
    for path in ("/notes.md", "/parts/", "/nothing"):
        assert visitor.get(path).status == 403
    assert visitor.send("POST", "/", b"x").status == 403
    assert visitor.send("GET", "/invocations").json() == {"message": "Not Found"}


def test_errors_reach_a_visitor_as_they_are(visitor: Visitor) -> None:
    """The key's, the function's and the container's own."""
    refused = visitor.ask({"text": TEXT}, **{"X-Page-Key": "another"})
    assert (refused.status, refused.json()["error"]["code"]) == (403, "KEY_WRONG")
    assert visitor.ask(42).json()["error"]["code"] == "BODY_INVALID"
    wrong = visitor.ask({"text": TEXT, "parameters": {"top_kk": 1}})
    assert (wrong.status, wrong.json()["error"]["code"]) == (400, "OPTION_INVALID")


def test_a_busy_endpoint_is_told_with_when_to_come_again(
    emulator: Emulator, visitor: Visitor
) -> None:
    """Once: the function does not try again by itself."""
    fault(emulator.url, "throttling", "sagemaker:InvokeEndpoint")
    busy = visitor.ask({"text": TEXT})
    assert (busy.status, busy.json()["error"]["code"]) == (503, "THROTTLED")
    assert busy.headers["retry-after"] == "2"
    assert visitor.ask({"text": TEXT}).status == 200


def test_no_log_has_the_text_or_the_key(client: Client, visitor: Visitor) -> None:
    """Every line of every log group, when the function and the server have told of the requests."""
    for asked in ({"text": TEXT}, {"texxt": TEXT}, [TEXT]):
        visitor.ask(asked)
    visitor.ask({"text": TEXT}, **{"X-Page-Key": visitor.key[:-1]})
    group = f"/aws/lambda/textcnn-page-{ASKED}"

    def lines() -> list[str]:
        logs = client("logs")
        groups = logs.describe_log_groups()["logGroups"]
        return [
            event["message"]
            for each in groups
            for event in logs.filter_log_events(logGroupName=each["logGroupName"])["events"]
        ]

    def statuses() -> list[int]:
        told = client("logs").filter_log_events(logGroupName=group)["events"]
        read = [json.loads(event["message"]) for event in told]
        return [line["status"] for line in read if line["logger"] == "page"]

    wait_until(lambda: {200, 403} <= set(statuses()))
    digest = hashlib.sha256(visitor.key.encode()).hexdigest()
    secrets = (TEXT, TEXT[:20], visitor.key, visitor.key[:-1], digest)
    assert len(lines()) > 4
    assert not [line for line in lines() for secret in secrets if secret in line]


def test_the_same_command_changes_nothing(deploy: Callable[..., Page], files: Path) -> None:
    """The key stays, and is not told again; a file that differs is put, and fetched anew."""
    first = deploy()
    visitor = Visitor(first.link)
    again = deploy()
    assert (again.changes, again.files, again.link) == ([], [], first.address)
    (files / "more.css").write_text("p { color: black }")
    changed = deploy()
    assert (changed.changes, changed.files) == ([], ["more.css"])
    assert visitor.get("/more.css").status == 200
    (files / "more.css").unlink()
    assert deploy().files == ["more.css"]
    assert visitor.get("/more.css").status == 403
    assert visitor.ask({"text": TEXT}).status == 200


def test_settings_stay_until_others_are_given(deploy: Callable[..., Page], client: Client) -> None:
    """A rate that was given once is kept; the throttle answers before the function is asked."""
    first = deploy("--rate", "1", "--burst", "1", "--no-alarms")
    assert deploy().changes == []

    def alarms() -> list[str]:
        found = client("cloudwatch").describe_alarms(AlarmNamePrefix=first.stack)
        return [each["AlarmName"] for each in found["MetricAlarms"]]

    assert alarms() == []
    answers = [Visitor(first.link).ask({"text": TEXT}) for _ in range(5)]
    refused = {each.body for each in answers if each.status == 429}
    assert refused == {b'{"message": "Too Many Requests"}'}
    assert deploy("--rate", "100", "--alarms", "--reserved", "3").changes
    assert len(alarms()) == 3
    assert deploy("--reserved", "0").changes


def test_a_page_is_opened_and_closed_again_by_another_key(
    deploy: Callable[..., Page], endpoint: str, files: Path, textcnn: Command
) -> None:
    """Open is said with what it risks; links of before do not come back."""
    first = Visitor(deploy().link)
    given = ("page", "deploy", endpoint, "--files", str(files), "--open", "--yes")
    told = textcnn(*given, "--output", "json")
    assert "432,000 times a day, and you pay for each request" in told.err
    opened = told.read(Page)
    assert (opened.access, opened.link) == ("open", opened.address)
    assert first.get("/config.json").json()["key"] is False
    assert Visitor(opened.link).ask({"text": TEXT}).status == 200
    warned = textcnn("ls", "--output", "json").read(Listed).warnings
    assert [text for text in warned if text.startswith(f"the page of {endpoint} is open")]
    closed = deploy()
    assert closed.access == "closed"
    assert Visitor(closed.link).ask({"text": TEXT}).status == 200
    assert first.ask({"text": TEXT}).status == 403


def test_a_command_that_was_ended_goes_on(
    deploy: Callable[..., Page], endpoint: str, files: Path, textcnn: Command
) -> None:
    """Wherever it was ended, nobody has been told the key: another is made, and told."""
    given = ("page", "deploy", endpoint, "--files", str(files), "--yes")
    for number in (3, 5):  # the code, the change set, its execution; then a file, another
        with ended_at(number):
            ended = textcnn(*given)
        assert ended.code == Exit.INTERRUPTED
        assert "#key=" not in ended.out
    told = textcnn(*given)
    assert told.code == 0, told.err
    assert Visitor(told.out.strip()).ask({"text": TEXT}).status == 200
    assert "--new-key" in textcnn(*given).err
    assert deploy().changes == []


def test_a_dry_run_makes_nothing(
    endpoint: str, files: Path, textcnn: Command, foundation: Foundation, client: Client
) -> None:
    """It tells of the stack and the files."""
    before = client("s3").list_objects_v2(Bucket=foundation.bucket, Prefix="pages/")["KeyCount"]
    told = textcnn("page", "deploy", endpoint, "--files", str(files), "--dry-run")
    assert told.code == 0, told.err
    assert "create Distribution (AWS::CloudFront::Distribution)" in told.out
    assert "config.json, parts/main.js, index.html" in told.out
    assert "#key=" not in told.out
    after = client("s3").list_objects_v2(Bucket=foundation.bucket, Prefix="pages/")["KeyCount"]
    assert after == before
    assert textcnn("page", "url", endpoint).code == Exit.MISSING


def test_where_a_page_is_can_be_asked_its_key_cannot(shared: Page, textcnn: Command) -> None:
    """``url`` tells the one, and what to do where the other is lost; ``ls`` shows it, too."""
    told = textcnn("page", "url", ASKED)
    assert told.out.strip() == shared.address
    assert "--new-key" in told.err
    found: Page = textcnn("page", "url", ASKED, "--output", "json").read(Page)
    assert (found.address, found.link, found.access) == (shared.address, "", "closed")
    listed: Listed = textcnn("ls", "--output", "json").read(Listed)
    assert shared.address in {each.address for each in listed.pages}
    assert shared.address in textcnn("ls").out


def test_a_page_is_removed_with_all_that_it_is(
    deploy: Callable[..., Page],
    endpoint: str,
    textcnn: Command,
    client: Client,
    foundation: Foundation,
) -> None:
    """Files, code, log, alarms, distribution; the endpoint stays. Then there is none to remove."""
    made = deploy()
    Visitor(made.link).ask({"text": TEXT})
    told = textcnn("page", "remove", endpoint, "--dry-run")
    methods = [each["method"] for each in json.loads(told.out)["dry_run"]]
    assert methods == ["delete_objects", "delete_stack", "delete_object"]
    assert Visitor(made.link).get("/").status == 200
    removed: Removed = textcnn("page", "remove", endpoint, "--yes", "--output", "json").read(
        Removed
    )
    assert len(removed.steps) == 3
    assert Visitor(made.link).get("/").status == 404
    left = {
        "buckets": [each["Name"] for each in client("s3").list_buckets()["Buckets"]],
        "groups": [
            each["logGroupName"] for each in client("logs").describe_log_groups()["logGroups"]
        ],
        "functions": [
            each["FunctionName"] for each in client("lambda").list_functions()["Functions"]
        ],
        "apis": [each["Name"] for each in client("apigatewayv2").get_apis()["Items"]],
        "roles": [each["RoleName"] for each in client("iam").list_roles()["Roles"]],
    }
    assert not [name for names in left.values() for name in names if made.stack in name]
    code = client("s3").list_objects_v2(Bucket=foundation.bucket, Prefix=f"pages/{endpoint}/")
    assert code["KeyCount"] == 0
    assert textcnn("page", "remove", endpoint, "--yes").code == Exit.MISSING
    assert client("sagemaker").describe_endpoint(EndpointName=endpoint)["EndpointName"] == endpoint


@pytest.mark.parametrize(
    ("arguments", "ending"),
    [
        (("deploy", "nothing-of-that-name"), (Exit.MISSING, "nothing-of-that-name")),
        (("deploy", ASKED, "--files", "."), (Exit.USAGE, "no index.html")),
        (("deploy", ASKED, "--open", "--new-key"), (Exit.USAGE, "has no key")),
        (("deploy", ASKED, "--files", "page"), (Exit.USAGE, "no terminal")),
        (("url", "nothing-of-that-name"), (Exit.MISSING, "no page of nothing-of-that-name")),
    ],
)
@pytest.mark.usefixtures("shared", "files")
def test_what_cannot_be_done_is_told(
    textcnn: Command, arguments: tuple[str, ...], ending: tuple[Exit, str]
) -> None:
    """With its exit code; and nothing is made without a yes."""
    told = textcnn("page", *arguments)
    assert told.code == ending[0]
    assert ending[1] in told.err
