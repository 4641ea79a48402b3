"""What is to be classified: a file of this machine, which is uploaded, or objects in S3."""

import io
import zlib
from dataclasses import dataclass
from pathlib import Path

from textcnn.artifacts import S3Place
from textcnn.aws import Aws
from textcnn.batch.file_check import TextColumn, check_file, first_row, has_header
from textcnn.batch.formats import Format, format_of, is_packed
from textcnn.errors import CommandError, Exit
from textcnn.output import Output
from textcnn.training.sources import LocalFile, Source, listing
from textcnn.training.upload import Upload, uploads

MEGABYTE = 1 << 20
# Of a table in S3 so much is read to see its first row.
PEEKED_BYTES = 1 << 16
# A request of a transform job is no larger; a file with a header must fit, with some room.
LARGEST_WITH_HEADER_MB = 99


@dataclass(frozen=True)
class Documents:
    """What a job reads.

    uri is a key or a prefix in S3; payload_mb holds a whole file where its first row names the
    columns, since a file that is cut in pieces has that row in the first alone; None leaves the
    payload to the image. identity stands for the content. upload: the file that must be sent.
    """

    name: str
    kind: Format
    uri: str
    packed: bool
    identity: str
    has_header: bool = False
    payload_mb: int | None = None
    upload: Upload | None = None
    told: str = ""


def of_file(file: Path, bucket: str, column: TextColumn, output: Output) -> Documents:
    """Return the documents of a file of this machine."""
    found = check_file(file, column)
    if found.bad:
        output.warn(
            f"{found.bad} of {found.documents} documents of {file.name} may get an error in place "
            f"of an answer: {found.example}"
        )
    local = LocalFile(file, file.name, file.stat().st_size)
    upload = uploads(Source("batch", (local,)))[0]
    return Documents(
        file.name,
        found.kind,
        f"s3://{bucket}/{upload.key}",
        is_packed(file.name),
        local.sha256,
        found.has_header,
        _payload(file.name, found.bytes) if found.has_header else None,
        upload,
        f"{file} ({found.documents} documents)",
    )


def in_s3(aws: Aws, uri: str, column: TextColumn) -> Documents:
    """Return the documents at a key or below a prefix, all of one format."""
    place = S3Place.parse(uri)
    objects = listing(aws, place)
    first = next(iter(sorted(objects)))
    kind, packed = format_of(first), is_packed(first)
    for key in objects:
        if format_of(key) is not kind or is_packed(key) != packed:
            raise CommandError(
                f"{uri} has files in different formats: {first} and {key}",
                "A job reads files of one format: give a key, or a prefix for each format.",
                Exit.USAGE,
            )
    names_columns = False
    if kind.delimiter:
        kind, names_columns = _peeked(aws, S3Place(place.bucket, first), kind, column)
    largest = max(int(held.partition(" ")[0]) for held in objects.values())
    payload = LARGEST_WITH_HEADER_MB + 1 if packed else _payload(uri, largest)
    return Documents(
        place.key.rstrip("/").rpartition("/")[2] or place.bucket,
        kind,
        uri if place.key in objects or uri.endswith("/") else f"{uri}/",
        packed,
        "".join(f"{key} {held}\n" for key, held in sorted(objects.items())),
        names_columns,
        payload if names_columns else None,
        None,
        f"{uri} ({len(objects)} file{'' if len(objects) == 1 else 's'})",
    )


def _payload(name: str, size: int) -> int:
    """Return the megabytes that hold a whole file, with a line break behind each line."""
    megabytes = size // MEGABYTE + 1
    if megabytes > LARGEST_WITH_HEADER_MB:
        raise CommandError(
            f"{name} names its columns and has {megabytes} MB: it would be sent in pieces of which "
            "only the first has the names",
            f"Write JSON Lines, or several files below {LARGEST_WITH_HEADER_MB} MB.",
            Exit.USAGE,
        )
    return megabytes + 1


def _peeked(aws: Aws, place: S3Place, kind: Format, column: TextColumn) -> tuple[Format, bool]:
    """Return the format of a table with what separates its fields, and whether it has a header."""
    response = aws.client("s3").get_object(
        Bucket=place.bucket, Key=place.key, Range=f"bytes=0-{PEEKED_BYTES - 1}"
    )
    content = response["Body"].read()
    if is_packed(place.key):
        content = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(content, PEEKED_BYTES)
    text = content.decode("utf-8-sig", errors="replace")
    if len(content) == PEEKED_BYTES:
        text = text[: text.rfind("\n") + 1] or text  # the last line is cut
    kind, first = first_row(kind, io.StringIO(text, newline=""), column)
    return kind, has_header(first, column, str(place))
