"""What `--output json` prints: a dataclass for each command, and the JSON schema of each.

Times are UTC, in ISO 8601; costs are in the price's currency.
"""

from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter


def schema(result: type) -> dict[str, Any]:
    """Return the JSON schema of one of these results."""
    return TypeAdapter(result).json_schema(mode="serialization")


@dataclass(frozen=True)
class Setup:
    """``setup``: the outputs of the foundation stack, and what was changed to get there."""

    stack: str
    outputs: dict[str, str]
    changes: list[str]


@dataclass(frozen=True)
class Check:
    """One line of ``doctor``; remedy is empty where there is nothing to do."""

    subject: str
    state: str  # ok, problem or unknown
    finding: str
    remedy: str = ""


@dataclass(frozen=True)
class Doctor:
    """``doctor``: what was looked at."""

    checks: list[Check]


@dataclass(frozen=True)
class Cost:
    """What a job cost: its instances by the billable seconds; None where the price is unknown."""

    instance_type: str
    instance_count: int
    billable_seconds: int | None
    hourly: float | None = None
    amount: float | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Trained:
    """``train``: what became of a job.

    scores hold those of validation, test and cross-validation by name; model is empty where the
    job left none; folder is where its report was downloaded to.
    """

    job: str
    status: str
    model: str = ""
    reason: str = ""
    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    cost: Cost | None = None
    folder: str = ""
    tuning_job: str = ""
    model_package: str = ""


@dataclass(frozen=True)
class Answers:
    """``ask``: what the endpoint answered, as the image's OpenAPI document describes it."""

    endpoint: str
    predictions: list[dict[str, Any]]
    model: dict[str, Any] | None = None
    timing: dict[str, float] | None = None


@dataclass(frozen=True)
class DriftInterval:
    """One comparison of ``drift``; without numbers where there are too few documents."""

    name: str  # unknown words, scores or labels
    limit: float
    changed: bool
    finding: str
    difference: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class DriftCounts:
    """Documents counted by ``drift``; scores and unknown are in 20 bins from 0 to 1."""

    documents: int
    labels: dict[str, int]
    scores: list[int]
    unknown: list[int]
    unknown_mean: float


@dataclass(frozen=True)
class Drift:
    """``drift``: answers since a time beside those at training; verdict says what to do."""

    endpoint: str
    since: str
    requests: int
    verdict: str  # retrain, look, keep or too few
    comparisons: list[DriftInterval]
    before: DriftCounts
    now: DriftCounts
    remarks: list[str]
    page: str = ""


@dataclass(frozen=True)
class Deployed:
    """``deploy``: the endpoint as it runs; after a dry run only what would change.

    price is for a unit: an hour of all instances, or a second of a serverless endpoint's work.
    """

    endpoint: str
    stack: str
    kind: str  # serverless, instance or asynchronous
    status: str
    configuration: str
    changes: list[str]
    ends: str | None = None
    price: float | None = None
    currency: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Page:
    """``page deploy`` and ``page url``: where the page is; after a dry run only what would change.

    link has the key behind the # where one was just made: it is told once, and kept by nobody.
    files are the paths of those that were put or removed.
    """

    endpoint: str
    stack: str
    access: str  # closed or open
    address: str
    link: str
    changes: list[str]
    files: list[str]


@dataclass(frozen=True)
class ListedPage:
    """A page in ``ls``, by the endpoint that it asks."""

    endpoint: str
    access: str
    address: str
    created: str | None


@dataclass(frozen=True)
class ListedEndpoint:
    """An endpoint in ``ls``; hourly is None for serverless ones and unknown prices."""

    name: str
    status: str
    kind: str
    machine: str
    created: str
    ends: str | None
    last_request: str | None
    hourly: float | None
    currency: str | None
    ours: bool


@dataclass(frozen=True)
class ListedJob:
    """A job in ``ls``; kind is training, tuning or batch."""

    name: str
    kind: str
    status: str
    created: str
    ended: str | None
    ours: bool


@dataclass(frozen=True)
class ListedModel:
    """A model in ``ls``, and the endpoints that run it."""

    name: str
    created: str
    archive: str
    endpoints: list[str]
    ours: bool


@dataclass(frozen=True)
class Listed:
    """``ls``: what there is in the region, and what a person should look at."""

    endpoints: list[ListedEndpoint]
    jobs: list[ListedJob]
    models: list[ListedModel]
    warnings: list[str]
    pages: list[ListedPage] = field(default_factory=list)


@dataclass(frozen=True)
class Removed:
    """``rm`` and ``page remove``: what was done, in order."""

    steps: list[str]


@dataclass(frozen=True)
class Transformed:
    """``batch``: what became of a transform job; files are those that were downloaded.

    The billable seconds of its cost are those that it ran: the service tells no others.
    """

    job: str
    status: str
    output: str
    reason: str
    files: list[str]
    cost: Cost | None = None
