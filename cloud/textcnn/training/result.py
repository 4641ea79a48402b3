"""What came out of a training job: its model, scores, report and cost."""

import shutil
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from botocore.exceptions import ClientError

from textcnn import artifacts, durations, pricing
from textcnn.artifacts import S3Place
from textcnn.aws import Aws
from textcnn.errors import CommandError
from textcnn.output import Output
from textcnn.results import Cost, Trained
from textcnn.training.attempts import status
from textcnn.training.request import machines

REPORT = "report.html"
PARTS = ("validation", "test")
SCORES = {
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "pr_auc": "PR AUC",
    "roc_auc": "ROC AUC",
    "loss": "loss",
}


def collect(aws: Aws, described: dict[str, Any], folder: Path) -> Trained:
    """Return what became of a job that has ended; its report is downloaded to the folder."""
    job = described["TrainingJobName"]
    # SageMaker names the place of a model for a failed job, too, where there is none.
    failed = status(described) == "Failed"
    model = "" if failed else (described.get("ModelArtifacts") or {}).get("S3ModelArtifacts", "")
    return Trained(
        job=job,
        status=status(described),
        model=model,
        reason=described.get("FailureReason", ""),
        scores=_scores(aws, described, model),
        cost=cost(aws, described),
        folder=_download(aws, described, folder),
        tuning_job=described.get("TuningJobArn", "").rpartition("/")[2],
    )


def tell(output: Output, trained: Trained) -> None:
    """Tell a person what became of a job."""
    output.say("")
    if trained.scores:
        names = [name for name in SCORES if any(name in part for part in trained.scores.values())]
        output.table(
            ["", *(SCORES[name] for name in names)],
            [
                [part.replace("_", " "), *(_number(scores.get(name)) for name in names)]
                for part, scores in trained.scores.items()
            ],
        )
        output.line("")
    for label, value in _lines(trained):
        output.line(f"{label:<8}{value}")


def _lines(trained: Trained) -> Iterator[tuple[str, str]]:
    yield "job", f"{trained.job}: {trained.status}"
    if trained.model:
        yield "model", trained.model
    if trained.folder:
        report = Path(trained.folder) / REPORT
        yield ("report", str(report)) if report.exists() else ("output", trained.folder)
    if trained.cost:
        yield "cost", tell_cost(trained.cost)


def cost(aws: Aws, described: dict[str, Any]) -> Cost:
    """Return what a job cost: billable seconds, by instance, by the price on demand.

    SageMaker takes what spot instances save out of the billable seconds.
    """
    resources = described["ResourceConfig"]
    count, kind = resources["InstanceCount"], resources["InstanceType"]
    seconds = described.get("BillableTimeInSeconds")
    price = pricing.instance_price(aws, kind, pricing.Component.TRAINING)
    if price is None or seconds is None:
        return Cost(kind, count, seconds, price.amount if price else None)
    amount = price.amount * count * seconds / 3600
    return Cost(kind, count, seconds, price.amount, amount, price.currency)


def tell_cost(spent: Cost) -> str:
    """Return a cost in words."""
    if spent.billable_seconds is None:
        return "nothing yet"
    time = durations.write(spent.billable_seconds)
    amount = (
        "price unknown"
        if spent.amount is None
        else f"{pricing.write_amount(spent.amount)} {spent.currency}"
    )
    return f"{time} on {machines(spent.instance_count, spent.instance_type)}: {amount}"


def _scores(aws: Aws, described: dict[str, Any], model: str) -> dict[str, dict[str, float]]:
    """Return the scores in the model, or where it has none those that SageMaker saw last."""
    try:
        metrics = artifacts.read_json(aws, model, "metrics.json") if model else {}
    except CommandError:
        metrics = {}  # another image's model: what follows has its metrics
    found = {part: _numbers(metrics[part]) for part in PARTS if isinstance(metrics.get(part), dict)}
    if not found:
        for metric in described.get("FinalMetricDataList") or []:
            part, _, name = metric["MetricName"].partition(":")
            if part in PARTS:
                found.setdefault(part, {})[name] = float(metric["Value"])
    return found


def _numbers(scores: dict[str, Any]) -> dict[str, float]:
    return {
        name: float(value)
        for name, value in scores.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def output_archive(described: dict[str, Any]) -> S3Place:
    """Return where SageMaker puts what a job leaves beside its model."""
    root = described["OutputDataConfig"]["S3OutputPath"].rstrip("/")
    return S3Place.parse(f"{root}/{described['TrainingJobName']}/output/output.tar.gz")


def _download(aws: Aws, described: dict[str, Any], folder: Path) -> str:
    """Unpack the job's output into a folder; return it, or nothing where there is no output."""
    place = output_archive(described)
    try:
        body = aws.client("s3").get_object(Bucket=place.bucket, Key=place.key)["Body"]
    except ClientError as error:
        if error.response["Error"]["Code"] in artifacts.MISSING_CODES:
            return ""
        raise
    try:
        with body, tarfile.open(fileobj=body, mode="r|gz") as archive:
            for member in archive:
                _unpack(archive, member, folder)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise CommandError(f"{place} cannot be unpacked: {error}") from None
    return str(folder)


def _unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write a member that is a plain file below the folder; an archive may be anyone's."""
    path = PurePosixPath(member.name)
    content = archive.extractfile(member) if member.isfile() else None
    if content is None or path.is_absolute() or ".." in path.parts:
        return
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        shutil.copyfileobj(content, file)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"
