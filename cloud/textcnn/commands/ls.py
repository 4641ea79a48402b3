"""``textcnn ls``: what there is, and what it costs."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from textcnn import durations, results
from textcnn.endpoints import Kind
from textcnn.inventory.hosting import Model
from textcnn.inventory.jobs import Job
from textcnn.inventory.listing import Inventory, Running, machine
from textcnn.inventory.warnings import warnings
from textcnn.options import Context, OutputOption, ProfileOption, RegionOption
from textcnn.output import Format, Output
from textcnn.page.place import Page

AllOption = Annotated[
    bool,
    typer.Option("--all", "-a", metavar="", help="Show what others have made in the account, too."),
]


def ls(
    everything: AllOption = False,
    region: RegionOption = None,
    profile: ProfileOption = None,
    output_format: OutputOption = Format.TEXT,
) -> None:
    """Show endpoints, pages, jobs and models: what runs, what it costs, when it ends.

    Example: textcnn ls
    """
    context = Context(region, profile, output_format)
    inventory = Inventory(context.aws, everything, datetime.now(UTC))
    warned = warnings(inventory)
    _show(context.output, inventory)
    if not context.output.is_json:
        for text in warned:
            context.output.warn(text)
    context.output.result(
        results.Listed(
            [_endpoint(each) for each in inventory.endpoints],
            [_job(inventory, each) for each in inventory.jobs],
            [_model(inventory, each) for each in _models(inventory)],
            warned,
            [_page(each) for each in inventory.pages],
        )
    )


def _show(output: Output, inventory: Inventory) -> None:
    models = list(_models(inventory))
    if not (inventory.endpoints or inventory.jobs or models or inventory.pages):
        output.line(f"There is nothing in {inventory.aws.region}.")
        return
    if inventory.endpoints:
        output.table(
            ("endpoint", "status", "runs on", "age", "ends in", "last request", "costs"),
            (_endpoint_row(inventory, each) for each in inventory.endpoints),
        )
        output.line("")
    if inventory.pages:
        output.table(
            ("page of", "access", "address", "age"),
            (
                (each.endpoint, each.access, each.address, _age(inventory, each.created))
                for each in inventory.pages
            ),
        )
        output.line("")
    if inventory.jobs:
        output.table(
            ("job", "kind", "status", "age", "took"),
            (_job_row(inventory, each) for each in inventory.jobs),
        )
        output.line("")
    if models:
        output.table(
            ("model", "age", "endpoints"),
            (
                (each.name, _age(inventory, each.created), ", ".join(_users(inventory, each)))
                for each in models
            ),
        )
        output.line("")


def _endpoint_row(inventory: Inventory, running: Running) -> tuple[str, ...]:
    endpoint = running.endpoint
    is_serverless = endpoint.kind is Kind.SERVERLESS
    ends = "-" if is_serverless else "never"
    if running.ends is not None:
        ends = durations.write(max(0.0, (running.ends - inventory.now).total_seconds()))
    cost = "unknown" if running.price is None else str(running.price)
    return (
        endpoint.name,
        endpoint.status,
        machine(endpoint),
        _age(inventory, endpoint.created),
        ends,
        running.last.tell(inventory.now),
        "by use" if is_serverless else cost,
    )


def _job_row(inventory: Inventory, job: Job) -> tuple[str, ...]:
    took = (job.ended or inventory.now) - job.created
    return (
        job.name,
        job.kind.name,
        job.status,
        _age(inventory, job.created),
        durations.write(took.total_seconds()),
    )


def _age(inventory: Inventory, created: datetime | None) -> str:
    if created is None:
        return "?"
    return durations.write((inventory.now - created).total_seconds())


def _models(inventory: Inventory) -> Iterator[Model]:
    return (each for each in inventory.hosting.models if each.is_ours or inventory.everything)


def _users(inventory: Inventory, model: Model) -> list[str]:
    found = inventory.hosting.endpoints
    return [each.name for each in found if model.name in each.model_names]


def _endpoint(running: Running) -> results.ListedEndpoint:
    endpoint, last = running.endpoint, running.last.hour
    return results.ListedEndpoint(
        endpoint.name,
        endpoint.status,
        endpoint.kind.value,
        machine(endpoint),
        endpoint.created.isoformat(),
        running.ends.isoformat() if running.ends else None,
        last.isoformat() if last else None,
        running.price.amount if running.price else None,
        running.price.currency if running.price else None,
        running.is_ours,
    )


def _page(page: Page) -> results.ListedPage:
    created = page.created.isoformat() if page.created else None
    return results.ListedPage(page.endpoint, page.access, page.address, created)


def _job(inventory: Inventory, job: Job) -> results.ListedJob:
    return results.ListedJob(
        job.name,
        job.kind.name,
        job.status,
        job.created.isoformat(),
        job.ended.isoformat() if job.ended else None,
        inventory.owns(job),
    )


def _model(inventory: Inventory, model: Model) -> results.ListedModel:
    return results.ListedModel(
        model.name,
        model.created.isoformat(),
        model.archive,
        _users(inventory, model),
        model.is_ours,
    )
