"""Send a job's documents, and show how it goes."""

from collections.abc import Sequence
from functools import partial

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from textcnn.aws import Aws
from textcnn.options import Context
from textcnn.training.plan import size
from textcnn.training.request import JobSpecification
from textcnn.training.upload import Upload, manifest, missing, send, send_manifest, uploads


def absent(aws: Aws, specification: JobSpecification) -> list[Upload]:
    """Return the files that S3 does not have yet."""
    wanted = [upload for source in specification.sources for upload in uploads(source)]
    return missing(aws, specification.foundation.bucket, wanted)


def send_all(context: Context, specification: JobSpecification, files: Sequence[Upload]) -> None:
    """Upload files, with a bar at a terminal, and then the lists of each channel."""
    aws, bucket, console = context.aws, specification.foundation.bucket, context.output.notes
    total = sum(upload.file.size for upload in files)
    is_shown = bool(files) and not aws.dry_run
    columns = TextColumn("upload  "), BarColumn(), DownloadColumn(), TransferSpeedColumn()
    disable = not (is_shown and console.is_interactive)
    with Progress(*columns, console=console, disable=disable) as bar:
        task = bar.add_task("upload", total=total)
        for upload in files:
            send(aws, bucket, upload, partial(bar.advance, task))
    if is_shown and disable:
        context.output.say(f"uploaded {len(files)} of the job's files, {size(total)}")
    for source in specification.sources:
        if specification.delivery.lists(source):
            send_manifest(aws, bucket, manifest(source, bucket))
