"""What a person should do something about: what costs and idles, what failed, what was left."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from textcnn import durations
from textcnn.deployment.naming import STACK_PREFIX
from textcnn.endpoints import IN_SERVICE, Kind
from textcnn.inventory.listing import Inventory, Running

IDLE = timedelta(hours=3)
# EventBridge calls within a minute, and an endpoint is gone some minutes later.
OVERDUE = timedelta(minutes=10)
MOST_NAMED = 3


def warnings(inventory: Inventory) -> list[str]:
    """Return a sentence for each."""
    found = [text for running in inventory.endpoints for text in _of_endpoint(inventory, running)]
    found += _left(inventory)
    found += _of_pages(inventory)
    return found


def _of_endpoint(inventory: Inventory, running: Running) -> Iterator[str]:
    endpoint = running.endpoint
    if endpoint.status == "Failed":
        yield f"{endpoint.name} has failed: {endpoint.failure or 'no reason given'}"
    if endpoint.kind is Kind.SERVERLESS or endpoint.status != IN_SERVICE:
        return
    if endpoint.instances == 0:
        return
    price = str(running.price) if running.price else "an unknown price an hour"
    idle = running.last.idle(inventory.now)
    if idle >= IDLE:
        time = durations.write(idle.total_seconds())
        yield (
            f"{endpoint.name} costs {price} and nobody has asked it for {time}: "
            f"textcnn rm {endpoint.name}"
        )
    if running.ends is None:
        yield f"{endpoint.name} costs {price} and has no end: textcnn rm {endpoint.name}"
    elif inventory.now - running.ends > OVERDUE:
        yield (
            f"{endpoint.name} costs {price} and should have ended at {running.ends:%Y-%m-%d %H:%M} "
            f"UTC: textcnn rm {endpoint.name}"
        )


def _of_pages(inventory: Inventory) -> Iterator[str]:
    names = {each.name for each in inventory.hosting.endpoints}
    for page in inventory.pages:
        if page.endpoint not in names:
            yield (
                f"the page of {page.endpoint} has no endpoint to ask: "
                f"textcnn page remove {page.endpoint}"
            )
        elif not page.stack.is_usable:
            yield f"the page of {page.endpoint} is {page.stack.status}: {page.stack.reason}"
        elif page.access == "open":
            yield f"the page of {page.endpoint} is open: whoever knows its address can ask"


def _left(inventory: Inventory) -> Iterator[str]:
    stacks = [stack.name.removeprefix(STACK_PREFIX) for stack in inventory.left_stacks]
    if stacks:
        yield f"{_named(stacks)} ended; stack and model are left, at no cost: {_rm(stacks)}"
    # What belongs to a stack goes with it.
    own = {stack.outputs.get("ModelName") for stack in inventory.left_stacks}
    own |= {stack.outputs.get("EndpointConfigName") for stack in inventory.left_stacks}
    # The model of a transform job has its name.
    own |= {job.name for job in inventory.jobs if job.is_running}
    unused = [each.name for each in inventory.hosting.unused_configurations]
    unused += [each.name for each in inventory.hosting.unused_models]
    # A client may give a model and its configuration the same name.
    names = [name for name in dict.fromkeys(unused) if name not in own]
    if names:
        yield f"models or configurations that no endpoint uses, at no cost: {_rm(names)}"


def _rm(names: Sequence[str]) -> str:
    more = f" ... ({len(names) - MOST_NAMED} more)" if len(names) > MOST_NAMED else ""
    return f"textcnn rm {' '.join(names[:MOST_NAMED])}{more}"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    verb = "have" if len(names) > 1 else "has"
    return f"{', '.join(names[:MOST_NAMED])}{more} {verb}"
