"""The plan for all that is ours in an account and region."""

from collections.abc import Iterator
from dataclasses import dataclass

from textcnn import stacks
from textcnn.aws import Aws
from textcnn.deployment.naming import STACK_PREFIX
from textcnn.foundation import STACK
from textcnn.inventory.hosting import Hosting, hosting
from textcnn.inventory.jobs import KINDS, our_jobs
from textcnn.output import Output
from textcnn.ownership import TAG_KEY, TAG_VALUE, Ownership
from textcnn.page.place import pages
from textcnn.pricing import billing_region
from textcnn.removal import hosted, logs, objects, registered, running_jobs
from textcnn.removal import pages as removed_pages
from textcnn.removal.step import Step
from textcnn.setup import BUDGET_STACK
from textcnn.stacks import Stack


@dataclass(frozen=True)
class ResourcesWithoutStack:
    """What is ours and belongs to no stack, by name."""

    endpoints: list[str]
    configurations: list[str]
    models: list[str]


class FullRemoval:
    """Finds all that is ours; what other clients made of our image or bucket is ours, too."""

    def __init__(self, aws: Aws, output: Output) -> None:
        self._aws = aws
        self._output = output
        self._ours = Ownership(aws)

    def steps(self) -> Iterator[Step]:
        """Yield the steps in their order: what uses comes before what is used."""
        found, jobs = hosting(self._aws, self._ours), list(our_jobs(self._aws, self._ours))
        own = [
            stack
            for stack in stacks.having_tag(self._aws, TAG_KEY, TAG_VALUE)
            if stack.name.startswith(STACK_PREFIX)
        ]
        loose = _loose(found, own)
        log_names = self._names_of_ended() | found.ours | set(loose.configurations)
        yield from running_jobs.steps(self._aws, jobs)
        for page in pages(self._aws):
            yield from removed_pages.steps(self._aws, self._output, page)
        for stack in own:
            yield hosted.stack_step(self._aws, self._output, stack, hosted.WITH_STACK)
        yield from hosted.endpoint_steps(self._aws, loose.endpoints)
        # Before the configurations, which tell of an endpoint that is gone already: the SDK gives
        # both one name.
        yield from logs.steps(self._aws, log_names, jobs)
        yield from logs.empty_group_steps(
            self._aws, [kind.log_group for kind in KINDS if kind.log_group]
        )
        yield from hosted.definition_steps(self._aws, loose.configurations, loose.models)
        yield from registered.steps(self._aws, self._ours)
        if self._ours.bucket:
            yield from objects.steps(self._aws, self._ours.bucket)
        yield from self._stack(self._aws, STACK)
        yield from self._stack(self._elsewhere(), BUDGET_STACK)

    def _names_of_ended(self) -> set[str]:
        """Return the names of endpoints whose stack there is, or was in the last 90 days."""
        pages = self._aws.client("cloudformation").get_paginator("list_stacks").paginate()
        names = {each["StackName"] for page in pages for each in page["StackSummaries"]}
        return {name.removeprefix(STACK_PREFIX) for name in names if name.startswith(STACK_PREFIX)}

    def _stack(self, aws: Aws, name: str) -> Iterator[Step]:
        found = stacks.find(aws, name)
        if found is not None:
            yield hosted.stack_step(aws, self._output, found, "delete the stack")

    def _elsewhere(self) -> Aws:
        """Return the session in the region where budgets are kept."""
        region = billing_region(self._aws.region)
        if region == self._aws.region:
            return self._aws
        return Aws(region, self._aws.profile, self._aws.dry_run, self._aws.requests)


def _loose(found: Hosting, own: list[Stack]) -> ResourcesWithoutStack:
    belonging = {value for stack in own for value in stack.outputs.values()}
    belonging |= {stack.name.removeprefix(STACK_PREFIX) for stack in own}
    configurations = [each.name for each in found.configurations if each.is_ours]
    models = [each.name for each in found.models if each.is_ours]
    return ResourcesWithoutStack(
        [name for name in sorted(found.ours) if name not in belonging],
        [name for name in configurations if name not in belonging],
        [name for name in models if name not in belonging],
    )
