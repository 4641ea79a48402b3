"""A request for predictions, from its body to its response, piece by piece."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, BinaryIO

from text_classification.contract.settings import Settings
from text_classification.inference.classifier import Classifier
from text_classification.serving.predictions.format.media_types import CSV, JSON, JSON_LINES
from text_classification.serving.predictions.format.negotiation import RequestFormat
from text_classification.serving.predictions.large_responses import AT_ONCE, write_response
from text_classification.serving.predictions.limits.document_limits import Limits
from text_classification.serving.predictions.requests.body import read_body
from text_classification.serving.predictions.requests.body_source import Source
from text_classification.serving.predictions.requests.records import Body, Records
from text_classification.serving.predictions.requests.request_timing import RequestTiming
from text_classification.serving.predictions.responses.csv_responses import write_csv
from text_classification.serving.predictions.responses.json_responses import (
    write_json,
    write_json_lines,
)
from text_classification.serving.predictions.responses.predictor import Predictor
from text_classification.serving.predictions.responses.response_metadata import (
    ResponseMetadata,
    check_place_beside,
    request_limits,
)

# A larger body is read piece by piece, and so large a response is kept in a file without nginx.
HELD_BYTES = 1 << 22

_WRITERS: Mapping[str, Callable[[Predictor, Iterable[Records]], Iterator[str]]] = {
    JSON: write_json,
    JSON_LINES: write_json_lines,
    CSV: write_csv,
}


class Invocations:
    """Answers requests for predictions, as the settings say.

    Their scratch folder takes what is too large for memory; their confidence floor goes before the
    model's own, and 0 is for no such mark. folder: of large responses, which nginx sends.
    """

    def __init__(self, settings: Settings, folder: Path | None = None) -> None:
        self._scratch = settings.scratch
        self._responses = folder
        self._held_bytes = HELD_BYTES if folder is None else AT_ONCE
        self._floor = settings.confidence_floor
        self._limits = Limits(settings.max_records, settings.max_tokens)
        self._request_limits = request_limits(settings)

    def respond(
        self,
        stream: BinaryIO,
        length: int | None,
        request_format: RequestFormat,
        classifier: Classifier,
        timing: RequestTiming,
    ) -> bytes | IO[bytes]:
        """Return the response to a body: a large one as a file, which the caller closes.

        length: the bytes of the body, None where nobody knows; timing: notes the documents and
        the time of reading, and has the deadline. Nothing is sent before all is answered, so that
        an error anywhere in the body is a status and not half a response. Raises ``RequestError``,
        that of the deadline too.
        """
        if self._limits or classifier.text_names:
            request_format = replace(
                request_format,
                limits=self._limits and self._limits.counted_by(classifier.token_count),
                own_names=classifier.text_names,
            )
        small = length is not None and length <= HELD_BYTES
        with Source(stream, self._scratch, small=small) as source:
            body = timing.read(partial(read_body, source, request_format))
            parts = self._written(body, classifier, timing)
            return self._collected(_joinable(parts) if request_format.line_for_line else parts)

    def _written(self, body: Body, classifier: Classifier, timing: RequestTiming) -> Iterator[str]:
        request_format, options = body.request_format, body.request_format.options
        predictor = Predictor(classifier, request_format, self._floor_for(classifier))
        if options.model or options.timing:
            check_place_beside(request_format)
            beside = ResponseMetadata(options, classifier, self._request_limits, timing)
            return write_json(predictor, body.pieces, beside)
        return _WRITERS[request_format.response_type](predictor, body.pieces)

    def _floor_for(self, classifier: Classifier) -> float | None:
        return classifier.confidence_floor if self._floor is None else self._floor or None

    def _collected(self, parts: Iterator[str]) -> bytes | IO[bytes]:
        held: list[bytes] = []
        size = 0
        for part in parts:
            held.append(_encoded(part))
            size += len(held[-1])
            if size > self._held_bytes:
                pieces = chain(held, map(_encoded, parts))
                return write_response(pieces, self._responses, self._scratch)
        return b"".join(held)


def _joinable(parts: Iterator[str]) -> Iterator[str]:
    """Yield a response without its last line break: batch transform adds one to each response.

    ``AssembleWith=Line`` is documented to "add a newline character at the end of every transformed
    record", and two would make an empty line.
    """
    held = ""
    for part in parts:
        yield held + part.removesuffix("\n")
        held = "\n" if part.endswith("\n") else ""


def _encoded(part: str) -> bytes:
    # Half of a surrogate pair, as JSON can smuggle in, is written as it came.
    return part.encode("utf-8", "backslashreplace")
