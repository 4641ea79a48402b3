"""``textcnn ls``: what there is, and what it warns of."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.cloud.commands.conftest import Command
from tests.support.waiting import wait_until
from textcnn.inventory.listing import Inventory
from textcnn.inventory.warnings import warnings
from textcnn.options import Context
from textcnn.results import Deployed, Listed

Client = Callable[[str], Any]


def test_endpoints_are_listed_with_their_end_and_last_request(
    served: Deployed, ask: Command, textcnn: Command
):
    """As the command has made it, and asked since the last hour began."""
    ask("the policy is good")

    def row() -> Any:
        listed: Listed = textcnn("ls", "--output", "json").read(Listed)
        return next(each for each in listed.endpoints if each.name == served.endpoint)

    # CloudWatch has what was asked some moments later.
    wait_until(lambda: row().last_request is not None)
    found = row()
    assert (found.status, found.kind, found.machine) == ("InService", "instance", "1 x ml.m5.large")
    assert found.ends == served.ends
    assert found.ours
    told = textcnn("ls")
    assert "ends in" in told.out
    assert served.endpoint in told.out


def test_what_idles_and_costs_is_warned_of(served: Deployed):
    """Nine hours later nobody has asked, and its end is over; before, nothing is wrong with it."""
    now = datetime.now(UTC)
    quiet = warnings(Inventory(Context().aws, everything=False, now=now))
    assert not [text for text in quiet if text.startswith(served.endpoint)]
    later = warnings(Inventory(Context().aws, everything=False, now=now + timedelta(hours=9)))
    idle, overdue = [text for text in later if text.startswith(served.endpoint)]
    assert "nobody has asked it for" in idle
    assert "should have ended at" in overdue
    assert all(f"textcnn rm {served.endpoint}" in text for text in (idle, overdue))


def test_only_what_is_ours_is_listed(
    served: Deployed, model: str, role: str, textcnn: Command, client: Client
):
    """What another client has made of our image or bucket is; what is another's only by --all."""
    sagemaker = client("sagemaker")
    other = {"Image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/other:1"}
    sagemaker.create_model(ModelName="ls-another", PrimaryContainer=other, ExecutionRoleArn=role)
    sagemaker.create_model(
        ModelName="ls-untagged",
        PrimaryContainer={**other, "ModelDataUrl": model},
        ExecutionRoleArn=role,
    )
    listed: Listed = textcnn("ls", "--output", "json").read(Listed)
    names = {each.name for each in listed.models}
    assert "ls-untagged" in names
    assert "ls-another" not in names
    # The first of those that no endpoint uses are named.
    (unused,) = [text for text in listed.warnings if "that no endpoint uses" in text]
    assert "ls-untagged" in unused or "more)" in unused
    assert "ls-another" not in unused
    everything: Listed = textcnn("ls", "--all", "--output", "json").read(Listed)
    ours = {each.name: each.ours for each in everything.models}
    assert (ours["ls-untagged"], ours["ls-another"]) == (True, False)
    (used,) = [each.endpoints for each in listed.models if served.stack in each.name]
    assert used == [served.endpoint]
    for name in ("ls-another", "ls-untagged"):
        sagemaker.delete_model(ModelName=name)
