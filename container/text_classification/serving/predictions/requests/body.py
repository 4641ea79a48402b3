"""From a body to records, for each media type."""

from collections.abc import Callable, Mapping

from text_classification.serving.predictions.format.media_types import CSV, JSON, JSON_LINES, PLAIN
from text_classification.serving.predictions.format.negotiation import RequestFormat
from text_classification.serving.predictions.requests.body_source import Source
from text_classification.serving.predictions.requests.json_body import read_json
from text_classification.serving.predictions.requests.lines import read_json_lines, read_plain
from text_classification.serving.predictions.requests.records import Body
from text_classification.serving.predictions.requests.rows import read_csv

_READERS: Mapping[str, Callable[[Source, RequestFormat], Body]] = {
    JSON: read_json,
    JSON_LINES: read_json_lines,
    CSV: read_csv,
    PLAIN: read_plain,
}


def read_body(source: Source, request_format: RequestFormat) -> Body:
    """Return what a body holds; its records are read as the pieces are iterated.

    Raises ``RequestError`` 400, here or while the pieces are iterated, for a body that is not what
    its type says; it names the line or record but never repeats the text.
    """
    return _READERS[request_format.body_type](source, request_format)
