"""What comes through the pipe of a channel, as sources like files."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

from text_classification.contract.channels import Channel
from text_classification.corpus.readers.attributes import read_attributes
from text_classification.corpus.readers.packed import DAMAGED, unpacked
from text_classification.corpus.readers.pipe import open_pipe, pipe_path
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.readers.record_io import MAGIC, records
from text_classification.corpus.readers.row import Row
from text_classification.corpus.readers.source import Source
from text_classification.corpus.readers.stream import Stream
from text_classification.errors import Code, ConfigurationError

Reader = Callable[[Source], Iterator[Row]]


def piped_sources(
    channel: Channel, reading: Reading, log: logging.Logger
) -> Iterator[tuple[Source, Reader | None]]:
    """Yield what comes through a channel's pipe, to be read before the next is asked for.

    It is all files as one, or each for itself where they are wrapped in RecordIO. With each comes
    what reads it, None where its format tells.
    """
    path = pipe_path(channel)
    with closing(Stream(open_pipe(channel))) as stream:
        whole = Source(path, path.name, reading, channel.content_type, log=log, stream=stream)
        is_wrapped = channel.is_record_io or _begins_as_record_io(stream)
        if reading.attributes:
            yield _of_attributes(whole, is_wrapped=is_wrapped), read_attributes
        elif is_wrapped:
            yield from ((source, None) for source in _of_records(whole, stream))
        else:
            yield replace(whole, is_joined=True), None


def _begins_as_record_io(stream: Stream) -> bool:
    """Tell whether files come that are RecordIO themselves, whether wrapped or not."""
    try:
        with unpacked(stream.open) as file:
            return file.read(len(MAGIC)) == MAGIC
    except DAMAGED:
        return False  # what is wrong is told when it is read


def _of_attributes(whole: Source, *, is_wrapped: bool) -> Source:
    if not is_wrapped:
        raise ConfigurationError(
            Code.CHANNEL_UNSUPPORTED,
            "the attributes of a manifest come one behind the other, and nothing tells them apart",
            where=whole.where,
            remedy="Set the channel's RecordWrapperType to RecordIO; leave out manifest_attributes "
            "where it is no augmented manifest.",
        )
    return whole


def _of_records(whole: Source, stream: Stream) -> Iterator[Source]:
    """Yield the files that are wrapped in records, but for empty ones."""
    with unpacked(stream.open) as file:
        for number, record in enumerate(records(file), 1):
            if record.peek(1):
                where = f"{whole.where}, record {number}"
                with closing(Stream(record)) as part:
                    yield replace(whole, where=where, stream=part)
