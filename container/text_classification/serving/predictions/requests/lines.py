"""A record or a document a line: JSON Lines and plain text."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from text_classification.errors import RequestError
from text_classification.serving.predictions.format.negotiation import RequestFormat
from text_classification.serving.predictions.requests.body_source import Source, decodable
from text_classification.serving.predictions.requests.json_records import (
    BLAZINGTEXT,
    RecordReader,
    is_blazingtext,
)
from text_classification.serving.predictions.requests.json_text import MALFORMED, parse, problem
from text_classification.serving.predictions.requests.plain_text import text_document
from text_classification.serving.predictions.requests.records import (
    EMPTY,
    NOT_UTF8,
    Body,
    Found,
    Problem,
    gather,
)


def read_json_lines(source: Source, request_format: RequestFormat) -> Body:
    """Return what JSON Lines hold: a string or a record each.

    Where the first is a record as BlazingText takes them, all are answered in its shape.
    """
    values = _values(source.text("\n"))
    first = list(itertools.islice(values, 1))
    if first and is_blazingtext(first[0]):
        request_format = request_format.with_options({}, BLAZINGTEXT)
    found = map(
        RecordReader(request_format.options, request_format.own_names),
        itertools.chain(first, values),
    )
    return Body(request_format, gather(found, "line", request_format))


def read_plain(source: Source, request_format: RequestFormat) -> Body:
    """Return a plain text as one document, or as one a line where ``lines`` says so."""
    lines = request_format.options.lines
    if request_format.line_for_line if lines is None else lines:
        return Body(
            request_format,
            gather(_documents(source.text("\n"), request_format.own_names), "line", request_format),
        )
    document = _document(source, request_format)
    return Body(request_format, gather([document], "document", request_format))


def _document(source: Source, request_format: RequestFormat) -> Found:
    """Return a body as a document; where each has its answer, also what is wrong with it."""
    try:
        return text_document(source.whole(), request_format.own_names)
    except RequestError as error:
        if not request_format.line_for_line:
            raise
        return Problem(error.message, error.remedy)


def _values(lines: Iterable[str]) -> Iterator[Any]:
    """Yield the value of each line, or the problem with it."""
    for line in lines:
        if line.isspace():
            yield EMPTY
        elif not decodable(line):
            yield NOT_UTF8
        else:
            try:
                yield parse(line)
            except MALFORMED as error:
                yield problem(error)


def _documents(lines: Iterable[str], own: tuple[str, ...]) -> Iterator[Found]:
    for line in lines:
        if line.isspace():
            yield EMPTY
        else:
            text = line.rstrip("\r\n")
            yield text_document(text, own) if decodable(line) else NOT_UTF8
