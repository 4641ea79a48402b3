"""What goes through a pipe in one epoch: objects one behind the other, or records of them."""

import gzip
import json
import random
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from textcnn.emulator.objects import Location, Objects
from textcnn.emulator.training.channels import AUGMENTED, listed, share
from textcnn.emulator.training.failure import JobFailed

# RecordIO as https://mxnet.apache.org/versions/1.9.1/api/architecture/note_data_loading tells it.
MAGIC = (0xCED7230A).to_bytes(4, "little")
LONGEST_RECORD = (1 << 29) - 1
_REFERENCE = "-ref"


def contents(
    objects: Objects, channel: Mapping[str, Any], host: int, hosts: int, epoch: int
) -> Iterator[bytes]:
    """Yield the parts of what a host reads of a channel in one epoch.

    Raises ``JobFailed`` for what the channel cannot be made of; errors of S3 are botocore's.
    """
    source = channel["DataSource"]["S3DataSource"]
    is_wrapped = channel.get("RecordWrapperType") == "RecordIO"
    if source["S3DataType"] == AUGMENTED:
        values = _values(objects, channel, epoch)
        yield from map(record, values) if is_wrapped else values
        return
    locations = shuffled([each.location for each in listed(objects, source)], channel, epoch)
    for location in share(locations, source, host, hosts):
        if is_wrapped:
            yield record(_content(objects, location, channel))
        elif channel.get("CompressionType") == "Gzip":
            yield _content(objects, location, channel)
        else:
            yield from objects.parts(location)


def record(content: bytes) -> bytes:
    """Return a record of RecordIO. Raises ``JobFailed`` for more than one can hold."""
    if len(content) > LONGEST_RECORD:
        raise JobFailed(f"ClientError: an object of {len(content)} bytes fits into no record")
    return MAGIC + len(content).to_bytes(4, "little") + content + bytes(-len(content) % 4)


def shuffled(items: Sequence[Any], channel: Mapping[str, Any], epoch: int) -> Sequence[Any]:
    """Return the items in an order of its own each epoch where the channel asks for that."""
    seed = channel.get("ShuffleConfig", {}).get("Seed")
    if seed is None:
        return items
    # Same seed, same order: nothing is to be kept secret.
    return random.Random(f"{seed} {epoch}").sample(items, len(items))  # noqa: S311


def _content(objects: Objects, location: Location, channel: Mapping[str, Any]) -> bytes:
    content = objects.read(location)
    if channel.get("CompressionType") != "Gzip":
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise JobFailed(f"ClientError: {location} is no gzip file: {error}") from None


def _values(objects: Objects, channel: Mapping[str, Any], epoch: int) -> Iterator[bytes]:
    """Yield the values of a manifest's attributes, line by line."""
    source = channel["DataSource"]["S3DataSource"]
    manifest = objects.read(Location.parse(source["S3Uri"]))
    for line in shuffled(manifest.splitlines(), channel, epoch):
        try:
            fields = json.loads(line)
            values = [fields[name] for name in source["AttributeNames"]]
        except (ValueError, LookupError, TypeError) as error:
            raise JobFailed(
                f"ClientError: a line of the manifest {source['S3Uri']} is no JSON object with "
                f"all of {', '.join(source['AttributeNames'])}: {error}"
            ) from None
        for name, value in zip(source["AttributeNames"], values, strict=True):
            if name.endswith(_REFERENCE):
                yield objects.read(Location.parse(str(value)))
            else:
                yield (value if isinstance(value, str) else json.dumps(value)).encode()
