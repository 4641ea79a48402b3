"""Delete a stack."""

from textcnn.aws import Aws
from textcnn.errors import CommandError
from textcnn.output import Output
from textcnn.stacks.follow import Events, follow
from textcnn.stacks.stack import Stack, find


def delete(aws: Aws, output: Output, name: str) -> bool:
    """Delete a stack and follow it to the end; return False where there was none.

    One that CloudFormation is at work on is waited for first. Raises ``CommandError`` with the
    first resource that could not be deleted.
    """
    stack = settled(aws, output, name)
    if stack is None:
        return False
    events = Events(aws, stack.identifier)
    events.skip()
    aws.change("cloudformation", "delete_stack", StackName=stack.identifier)
    left = None if aws.dry_run else follow(aws, output, stack, events)
    if left is not None:
        reason = events.failure or left.reason or left.status
        raise CommandError(
            f"the stack {name} could not be deleted: {reason}",
            "Remove what is in the way, then give the same command.",
        )
    return True


def settled(aws: Aws, output: Output, name: str) -> Stack | None:
    """Return a stack at rest: what an earlier command began is waited for."""
    stack = find(aws, name)
    if stack is None or not stack.is_moving:
        return stack
    output.say(f"the stack {name} is {stack.status}: waiting for its end")
    events = Events(aws, stack.identifier, began=True)
    events.skip()
    return follow(aws, output, stack, events)
