"""The plan for names: endpoints, models, configurations, jobs that run, groups of the registry."""

from collections.abc import Iterable, Iterator

from textcnn import stacks
from textcnn.aws import Aws
from textcnn.deployment.naming import stack_name
from textcnn.endpoints import Endpoint
from textcnn.errors import CommandError, Exit
from textcnn.inventory.hosting import Hosting, hosting
from textcnn.inventory.jobs import jobs
from textcnn.output import Output
from textcnn.ownership import Ownership
from textcnn.page import place
from textcnn.removal import hosted, pages, running_jobs
from textcnn.removal.step import Step


class Named:
    """Finds what has a name, whoever has made it: it was named."""

    def __init__(self, aws: Aws, output: Output) -> None:
        self._aws = aws
        self._output = output

    def steps(self, names: Iterable[str]) -> list[Step]:
        """Return the steps; raises ``CommandError`` for a name that nothing has or had."""
        found = hosting(self._aws, Ownership(self._aws))
        running = [
            job for status in ("InProgress", "Stopping") for job in jobs(self._aws, status=status)
        ]
        steps = []
        for name in dict.fromkeys(names):
            own = list(
                running_jobs.steps(self._aws, [each for each in running if each.name == name])
            )
            own += [*self._page(name), *self._hosted(found, name)]
            if not own:
                self._check_was_there(name)
            steps += own
        return steps

    def _page(self, name: str) -> Iterator[Step]:
        """Yield the steps for the page of an endpoint: it would have nobody to ask."""
        page = place.find(self._aws, name)
        if page is not None:
            yield from pages.steps(self._aws, self._output, page)
            yield from pages.code_steps(self._aws, page)

    def _hosted(self, found: Hosting, name: str) -> Iterator[Step]:
        stack = stacks.find(self._aws, stack_name(name))
        if stack is not None:
            yield hosted.stack_step(self._aws, self._output, stack, hosted.WITH_STACK)
            return
        endpoint = next((each for each in found.endpoints if each.name == name), None)
        configurations, models = self._left_with(found, endpoint)
        yield from hosted.endpoint_steps(self._aws, [name] if endpoint else [])
        yield from hosted.definition_steps(
            self._aws,
            sorted(configurations | {c.name for c in found.configurations if c.name == name}),
            sorted(models | {each.name for each in found.models if each.name == name}),
        )

    def _left_with(self, found: Hosting, endpoint: Endpoint | None) -> tuple[set[str], set[str]]:
        """Return the configuration and the models that only this endpoint uses."""
        if endpoint is None:
            return set(), set()
        others = [each for each in found.endpoints if each.name != endpoint.name]
        used = {each.description.get("EndpointConfigName") for each in others}
        used |= {name for each in others for name in each.model_names}
        configuration = endpoint.description.get("EndpointConfigName")
        there = {each.name for each in found.models}
        return {str(configuration)} - used - {"None"}, (set(endpoint.model_names) & there) - used

    def _check_was_there(self, name: str) -> None:
        """Raise ``CommandError`` unless a stack of this name has been deleted."""
        pages = self._aws.client("cloudformation").get_paginator("list_stacks").paginate()
        deleted = {each["StackName"] for page in pages for each in page["StackSummaries"]}
        if stack_name(name) not in deleted:
            raise CommandError(
                f"there is no endpoint, model, configuration or running job {name} "
                f"in {self._aws.region}",
                "`textcnn ls` shows what there is.",
                Exit.MISSING,
            )
        self._output.say(f"{name} is removed already")
