"""``textcnn drift``: whether what comes in is still what the model learned from."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from textcnn import artifacts, durations, endpoints, results
from textcnn.drift import captures, page, report, tally
from textcnn.drift.report import Report
from textcnn.drift.verdict import SENTENCES, Comparison
from textcnn.errors import CommandError, Exit
from textcnn.options import Context, OutputOption, ProfileOption, RegionOption
from textcnn.output import Format, Output

NOTHING_YET = (
    "No answer has been captured since then. The service writes captures within some minutes of a "
    "request; --since looks back further, as far as the endpoint's last update."
)

EndpointArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="ENDPOINT",
        help="The endpoint; not needed where there is only one.",
        show_default=False,
    ),
]
SinceOption = Annotated[
    str,
    typer.Option(
        "--since", metavar="TIME", help="From when on: 24h, 7d, or a date such as 2026-01-31."
    ),
]
PageOption = Annotated[
    Path | None,
    typer.Option("--page", metavar="FILE", help="Write a page with the figures, to this file."),
]
BaselineOption = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help="A metrics.json to compare with, instead of the model's own.",
    ),
]


def drift(
    endpoint: EndpointArgument = None,
    since: SinceOption = "7d",
    page_file: PageOption = None,
    baseline: BaselineOption = None,
    region: RegionOption = None,
    profile: ProfileOption = None,
    output_format: OutputOption = Format.TEXT,
) -> None:
    """Compare captured answers with those at training, and say whether to retrain.

    Needs an endpoint that was deployed with --capture.

    Example: textcnn drift my-endpoint --since 24h --page drift.html
    """
    context = Context(region, profile, output_format)
    asked = endpoints.meant(context.aws, endpoint)
    begin = max(_moment(since), _deployed(asked))
    captured = captures.Captures(context.aws, asked, begin)
    before = _baseline(context, asked, baseline)
    found = report.report(captured, before, tally.counted(captured.predictions()))
    if page_file:
        _write(page_file, page.page(found))
    _show(context.output, found, page_file)
    context.output.result(_result(found, page_file))


def _moment(text: str) -> datetime:
    """Return the time so long ago, or at that date."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        pass
    else:
        return given if given.tzinfo else given.replace(tzinfo=UTC)
    try:
        return datetime.now(UTC) - timedelta(seconds=durations.parse(text))
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def _deployed(endpoint: endpoints.Endpoint) -> datetime:
    """Return when the endpoint's configuration was made: earlier answers are another model's."""
    made: datetime = endpoint.configuration.get("CreationTime", endpoint.created)
    return made


def _baseline(context: Context, endpoint: endpoints.Endpoint, file: Path | None) -> tally.Tally:
    if file:
        return tally.of_baseline(_read(file), str(file))
    uri = captures.model_archive(context.aws, endpoint)
    return tally.of_baseline(artifacts.read_json(context.aws, uri, "metrics.json"), uri)


def _read(file: Path) -> dict[str, Any]:
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} cannot be read: {error}", "Correct --baseline.") from None
    return read if isinstance(read, dict) else {}


def _write(file: Path, content: str) -> None:
    try:
        file.write_text(content, encoding="utf-8")
    except OSError as error:
        raise CommandError(
            f"{file} cannot be written: {error.strerror}", "Correct --page.", Exit.USAGE
        ) from None


def _show(output: Output, found: Report, page_file: Path | None) -> None:
    for remark in found.remarks:
        output.warn(remark)
    output.line(
        f"{found.endpoint}: {found.now.documents} documents since {found.since:%Y-%m-%d %H:%M} "
        f"UTC, beside {found.before.documents} at training"
    )
    if not found.now.documents:
        output.line(NOTHING_YET)
        return
    output.line("")
    output.table(report.COLUMNS, map(report.cells, found.comparisons), right=(1, 2, 3))
    output.line("In points of a hundred.", "dim")
    output.line("")
    for comparison in found.comparisons:
        output.line(f"{comparison.name.capitalize()}: {comparison.sentence}.")
    output.line("")
    output.line(SENTENCES[found.verdict], "bold")
    if page_file:
        output.say(f"The figures: {page_file}")


def _result(found: Report, page_file: Path | None) -> results.Drift:
    return results.Drift(
        found.endpoint,
        found.since.isoformat(),
        found.requests,
        found.verdict.value,
        [_interval(each) for each in found.comparisons],
        _counts(found.before),
        _counts(found.now),
        list(found.remarks),
        str(page_file or ""),
    )


def _interval(comparison: Comparison) -> results.DriftInterval:
    told = (comparison.name, comparison.limit, comparison.changed, comparison.sentence)
    if comparison.estimate is None:
        return results.DriftInterval(*told)
    estimate = comparison.estimate
    return results.DriftInterval(*told, estimate.value, estimate.low, estimate.high)


def _counts(counted: tally.Tally) -> results.DriftCounts:
    return results.DriftCounts(
        counted.documents,
        dict(counted.labels),
        counted.scores,
        counted.unknown,
        counted.unknown_mean,
    )
