"""``textcnn setup``: the foundation stack, made, changed, mended and taken down."""

import filecmp
import itertools
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.client
import pytest

from textcnn import setup as module
from textcnn import stacks
from textcnn.foundation import TEMPLATE, Foundation
from textcnn.options import Context
from textcnn.results import Setup

from .conftest import Command
from .test_train_interrupted import until_it_comes_through

KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of a stack of this test's own; deleted afterwards."""
    name = "textcnn-" + request.node.originalname.replace("_", "-")[:40].strip("-")
    monkeypatch.setattr(module, "STACK", name)
    yield name
    context = Context()
    stacks.delete(context.aws, context.output, name)


def own(name: str) -> tuple[str, ...]:
    """Return the options that keep a test's resources apart from the others'."""
    return "--bucket", f"bucket-{name}"[:60].strip("-"), "--repository", f"images-{name}"


def test_it_is_made_once(foundation: Foundation, textcnn: Command):
    """Given again there is nothing to change, and the result is the same."""
    told = textcnn("setup", "--yes", "--output", "json")
    assert told.code == 0, told.err
    result = told.read(Setup)
    assert result.changes == []
    assert result.outputs["BucketName"] == foundation.bucket
    assert "is as it should be" in told.err


def test_a_dry_run_tells_the_changes_and_leaves_no_stack(other: str, textcnn: Command):
    """The change set is CloudFormation's own, and goes again."""
    told = textcnn("setup", *own(other), "--dry-run", "--output", "json")
    assert told.code == 0, told.err
    assert "create Bucket (AWS::S3::Bucket)" in told.read(Setup).changes
    assert stacks.find(Context().aws, other) is None


def test_it_asks_before_it_makes_anything(other: str, textcnn: Command):
    """Without a terminal and without --yes it ends, and leaves nothing."""
    told = textcnn("setup", *own(other))
    assert told.code == 2
    assert "Give --yes" in told.err
    assert stacks.find(Context().aws, other) is None


def test_what_is_not_named_stays_as_it_is(other: str, textcnn: Command):
    """A key that was given once is kept by a later call without it."""
    assert textcnn("setup", *own(other), "--kms-key", KEY, "--yes").code == 0
    told = textcnn("setup", "--vpc", "--yes", "--output", "json")
    assert told.code == 0, told.err
    stack = stacks.find(Context().aws, other)
    assert stack is not None
    assert stack.parameters["KmsKeyArn"] == KEY
    assert stack.parameters["AllowVpc"] == "true"
    assert [change.partition(" (")[0] for change in told.read(Setup).changes] == [
        "change ExecutionRole"
    ]


def test_a_failure_is_told_and_mended_by_the_next_try(
    other: str, foundation: Foundation, textcnn: Command
):
    """The first reason is shown; the stack that was left is removed before the next."""
    taken = ("--bucket", foundation.bucket, "--repository", f"images-{other}")
    told = textcnn("setup", *taken, "--yes")
    assert told.code == 1
    assert "Bucket (AWS::S3::Bucket): " in told.err.splitlines()[-2]
    told = textcnn("setup", *own(other), "--yes")
    assert told.code == 0, told.err
    assert "left by an earlier try" in told.err


def test_it_ends_right_after_an_end_at_each_call(other: str, textcnn: Command):
    """One try after the other ends a call later, until one comes through."""
    told, number = until_it_comes_through(
        lambda: textcnn("setup", *own(other), "--yes", "--output", "json"), "after"
    )
    assert told.code == 0, told.err
    assert number > 5, "the change set, its execution and its end take more calls than that"
    stack = stacks.find(Context().aws, other)
    assert stack is not None
    assert stack.status == "CREATE_COMPLETE"
    assert stack.outputs == told.read(Setup).outputs


def test_it_waits_until_cloudformation_has_begun(
    other: str, textcnn: Command, monkeypatch: pytest.MonkeyPatch
):
    """It answers before the stack is at work: until then the stack is at rest, and not done."""
    real = botocore.client.BaseClient._make_api_call

    def call(self: Any, operation: str, arguments: dict[str, Any]) -> Any:
        if operation != "ExecuteChangeSet":
            return real(self, operation, arguments)
        threading.Timer(0.7, real, (self, operation, arguments)).start()
        return {}

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", call)
    for option, status in ((), "CREATE_COMPLETE"), (("--vpc",), "UPDATE_COMPLETE"):
        told = textcnn("setup", *own(other), *option, "--yes")
        assert told.code == 0, told.err
        stack = stacks.find(Context().aws, other)
        assert stack is not None
        assert stack.status == status


@pytest.mark.usefixtures("foundation")
def test_a_budget_writes_e_mails(textcnn: Command, client):
    """It is a stack of its own, where budgets are, and its limit can be changed.

    Its name is one that the operator's policy knows.
    """
    address = ("--budget-email", "somebody@example.com", "--budget-limit")
    for limit, verb in ((20, "create"), (30, "change")):
        told = textcnn("setup", *address, str(limit), "--yes", "--output", "json")
        assert told.code == 0, told.err
        assert told.read(Setup).changes == [f"{verb} Budget (AWS::Budgets::Budget)"]
        found = client("budgets").describe_budgets(AccountId="123456789012")["Budgets"]
        limits = {each["BudgetName"]: float(each["BudgetLimit"]["Amount"]) for each in found}
        assert limits["textcnn-budget"] == limit
    context = Context()
    stacks.delete(context.aws, context.output, module.BUDGET_STACK)


def test_templates_and_policies_are_written_for_an_administrator(textcnn: Command, tmp_path: Path):
    """They are the very files, and nothing is asked of AWS."""
    told = textcnn("setup", "--print", "--folder", "handed")
    assert told.code == 0
    written = {path.name for path in (tmp_path / "handed").iterdir()}
    assert {"foundation.yaml", "budget.yaml", "operator.json"} <= written
    sources = itertools.chain(TEMPLATE.parent.iterdir(), module.POLICIES.iterdir())
    for source in sources:
        if source.name in written:
            assert filecmp.cmp(source, tmp_path / "handed" / source.name, shallow=False)
