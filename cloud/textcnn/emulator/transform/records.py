"""An object's records, and the requests that they are sent in."""

from collections.abc import Iterator
from typing import NamedTuple

from textcnn.emulator.transform.data_processing import DataProcessing
from textcnn.emulator.transform.parameters import Parameters


class Batch(NamedTuple):
    """The records of one request as they were read, and the body that is sent."""

    records: list[bytes]
    body: bytes


class TooLarge(Exception):
    """A record is larger than MaxPayloadInMB."""


def records_of(content: bytes, split: str) -> list[bytes]:
    r"""Return the lines of an object, or the object itself.

    >>> records_of(b"a\r\nb\n", "Line")
    [b'a', b'b']
    """
    if split != "Line":
        return [content]
    lines = content.removesuffix(b"\n").split(b"\n") if content else []
    return [line.removesuffix(b"\r") for line in lines]


def batches(
    records: list[bytes], split: str, parameters: Parameters, processing: DataProcessing | None
) -> Iterator[Batch]:
    """Yield the requests: many lines as far as the payload goes, or one record each.

    Raises ``TooLarge``, and ``NotJoinable`` from the filter.
    """
    limit = parameters.payload_bytes or float("inf")
    many = parameters.multi and split == "Line"
    waiting: list[bytes] = []
    parts: list[bytes] = []
    size = 0
    for record in records:
        part = processing.request(record) if processing else record
        part = part + b"\n" if many else part
        if len(part) > limit:
            raise TooLarge(f"a record of {len(part)} bytes is larger than MaxPayloadInMB")
        if waiting and (not many or size + len(part) > limit):
            yield Batch(waiting, b"".join(parts))
            waiting, parts, size = [], [], 0
        waiting.append(record)
        parts.append(part)
        size += len(part)
    if waiting:
        yield Batch(waiting, b"".join(parts))


def assembled(responses: list[bytes], assemble: str) -> bytes:
    r"""Return the answers one after another, for ``Line`` with a line break behind each.

    As AWS documents it, also where an answer ends with one: an empty line comes of that.

    >>> assembled([b"a\n", b"b"], "Line")
    b'a\n\nb\n'
    """
    end = b"\n" if assemble == "Line" else b""
    return b"".join(response + end for response in responses)
