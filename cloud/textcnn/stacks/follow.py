"""Follow a stack to the end of what CloudFormation does with it, telling each resource."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from textcnn.aws import Aws
from textcnn.output import Output
from textcnn.polling import pauses
from textcnn.stacks.stack import Stack, find, is_missing

ENDED = {
    "CREATE_COMPLETE": "created",
    "UPDATE_COMPLETE": "updated",
    "DELETE_COMPLETE": "deleted",
    "DELETE_SKIPPED": "kept",
}
# What CloudFormation says of resources that it gave up because of another one.
CONSEQUENCES = ("Resource creation cancelled", "Resource update cancelled")
# CloudFormation begins a moment after it was asked; until then the stack is as it was.
LONGEST_BEGINNING = 30.0


@dataclass
class Events:
    """The events of a stack that have not been seen yet.

    failure: the first reason for one. began: whether the stack itself has changed its state.
    """

    aws: Aws
    stack: str
    seen: set[str] = field(default_factory=set)
    failure: str = ""
    began: bool = False

    def skip(self) -> None:
        """Take all events so far as seen."""
        for _ in self._new():
            pass

    def tell(self, output: Output) -> None:
        """Tell what happened to resources since the last call."""
        for event in self._new():
            status = event["ResourceStatus"]
            resource = f"{event['LogicalResourceId']} ({event['ResourceType']})"
            reason = event.get("ResourceStatusReason", "")
            if event["PhysicalResourceId"] == event["StackId"]:
                self.began = True
                continue
            if status in ENDED:
                output.say(f"  {ENDED[status]:8} {resource}")
            elif status.endswith("_FAILED") and not reason.startswith(CONSEQUENCES):
                self.failure = self.failure or f"{resource}: {reason}"
                output.say(f"  failed   {resource}: {reason}", "red")

    def _new(self) -> Iterator[dict[str, Any]]:
        """Yield unseen events, the oldest first."""
        client = self.aws.client("cloudformation")
        new: list[dict[str, Any]] = []
        try:
            for page in client.get_paginator("describe_stack_events").paginate(
                StackName=self.stack
            ):
                unseen = [each for each in page["StackEvents"] if each["EventId"] not in self.seen]
                new.extend(unseen)
                if len(unseen) < len(page["StackEvents"]):
                    break
        except ClientError as error:
            if not is_missing(error):
                raise
        self.seen.update(event["EventId"] for event in new)
        yield from reversed(new)


def follow(aws: Aws, output: Output, stack: Stack, events: Events) -> Stack | None:
    """Tell events until CloudFormation is done; return the stack, None where it is gone.

    A stack at rest of which no event is told may not have begun yet: that is waited for.
    """
    for passed in pauses():
        began = events.began  # before the stack is looked at
        now = find(aws, stack.identifier)
        events.tell(output)
        if now is None:
            return None
        if not now.is_moving and (began or passed > LONGEST_BEGINNING):
            return now
    return None
