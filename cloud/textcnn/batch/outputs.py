"""A job's answers, from S3 to a folder."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from textcnn.artifacts import S3Place
from textcnn.aws import Aws
from textcnn.batch.formats import GZIP
from textcnn.errors import CommandError, Exit

# The service adds this to a file's name.
SUFFIX = ".out"


def download(aws: Aws, path: str, folder: Path) -> list[Path]:
    """Download the answers below a path and return the files: ``a.csv`` as ``a.answers.csv``."""
    files = []
    for place, name in _outputs(aws, path):
        file = folder / _local_name(name)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            aws.client("s3").download_file(place.bucket, place.key, str(file))
        except OSError as error:
            raise CommandError(
                f"{file} cannot be written: {error.strerror}", "Correct --download.", Exit.USAGE
            ) from None
        files.append(file)
    return files


def _outputs(aws: Aws, path: str) -> Iterator[tuple[S3Place, str]]:
    root = S3Place.parse(path)
    prefix = f"{root.key.rstrip('/')}/"
    pages = aws.client("s3").get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=root.bucket, Prefix=prefix):
        for each in page.get("Contents", []):
            if each["Key"].endswith(SUFFIX):
                yield S3Place(root.bucket, each["Key"]), each["Key"].removeprefix(prefix)


def _local_name(name: str) -> PurePosixPath:
    """Return the name of an answer's file.

    >>> str(_local_name("2026/letters.csv.gz.out")), str(_local_name("letters.tsv.out"))
    ('2026/letters.answers.csv', 'letters.answers.csv')
    """
    path = PurePosixPath(name.removesuffix(SUFFIX).removesuffix(GZIP))
    suffix = ".csv" if path.suffix.lower() == ".tsv" else path.suffix
    # A key may hold anything; nothing leaves the folder.
    parts = [part for part in path.parts if part not in {"/", "..", "."}]
    return PurePosixPath(*parts).with_name(f"{path.stem}.answers{suffix}")
