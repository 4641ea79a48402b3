"""Negotiate the formats of request and response, and the options, from the request's headers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header, parse_options_header

from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.format.media_types import (
    CSV,
    JSON,
    JSON_LINES,
    PLAIN,
    READ,
    TSV,
    WRITTEN,
)
from text_classification.serving.predictions.format.options import (
    Given,
    Options,
    options_among,
    read_options,
)
from text_classification.serving.predictions.limits.document_limits import NO_LIMITS, Limits

ATTRIBUTES_HEADER = "X-Amzn-SageMaker-Custom-Attributes"
# Clients repeat their headers: so many combinations are cached.
REMEMBERED = 256
CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
# Visible characters of ASCII and spaces, as the platform allows.
_ATTRIBUTES = re.compile(r"[\x20-\x7e]{0,1024}")
# A comma may also stand within a value.
_BETWEEN_OPTIONS = re.compile(r";|,(?=[^,;]*=)")
# The answer that has a line for each line of the body.
_ALIKE = {JSON: JSON, JSON_LINES: JSON_LINES, CSV: CSV, PLAIN: JSON_LINES}


@dataclass(frozen=True)
class RequestFormat:
    """How a body is to be read and its response to be written.

    body_type and response_type are among the values of ``media_types``; response_name: the client's
    name for the latter; places: the options of the headers, by header. line_for_line: every line of
    the body, be it empty or broken, has its line in the response; quoted_line_breaks: but for those
    within quoted fields of CSV. limits: how much the body may hold; own_names: those of the text in
    the documents that the model was trained on.
    """

    body_type: str
    response_type: str
    options: Options
    places: Mapping[str, Given]
    response_name: str
    line_for_line: bool = False
    quoted_line_breaks: bool = False
    limits: Limits = NO_LIMITS
    own_names: tuple[str, ...] = ()

    def with_options(self, given: Given, defaults: Given) -> "RequestFormat":
        """Return a copy with options that the body gives, which count most, and defaults."""
        places = {"": defaults, **self.places, "the body": given}
        return replace(self, options=read_options(places))


class Negotiation:
    """Reads headers, and remembers what it has read.

    default_accept: the media type of responses to callers that accept any, empty for JSON; batch:
    whether this is a batch transform, where the default is a response like the body, line for line;
    quoted_line_breaks: whether a row of CSV may have several lines there.
    """

    def __init__(
        self, default_accept: str = "", *, batch: bool = False, quoted_line_breaks: bool = False
    ) -> None:
        self._default_accept = default_accept
        self._batch = batch
        self._quoted_line_breaks = quoted_line_breaks
        self.request_format = lru_cache(REMEMBERED)(self._request_format)

    def _request_format(self, content_type: str, accept: str, attributes: str) -> RequestFormat:
        """Return the formats and options that three headers set; each may be empty.

        Raises ``RequestError``: 415 for a content type and 406 for a response that is not known
        here, 400 for options and charsets.
        """
        body_type, body_options = _content_type(content_type)
        default = self._default_accept or (_ALIKE[body_type] if self._batch else JSON)
        response_name, answer_options = _accepted(accept, default)
        places = {
            "Content-Type": body_options,
            "Accept": answer_options,
            ATTRIBUTES_HEADER: _attributes(attributes),
        }
        return RequestFormat(
            body_type,
            WRITTEN[response_name],
            read_options(places),
            places,
            response_name,
            self._batch,
            self._quoted_line_breaks,
        )


def are_attributes(header: str) -> bool:
    """Tell whether a header is what the platform allows as custom attributes."""
    return _ATTRIBUTES.fullmatch(header) is not None


def _content_type(header: str) -> tuple[str, Given]:
    media_type, parameters = parse_options_header(header)
    body_type = READ.get(media_type.lower())
    if body_type is None:
        raise RequestError(
            415,
            Code.CONTENT_TYPE_UNSUPPORTED,
            f"the content type {media_type[:100]!r} is not read here"
            if media_type
            else "the request has no content type",
            remedy=f"Send one of {', '.join(READ)}.",
        )
    charset = parameters.pop("charset", "utf-8").lower()
    if charset not in CHARSETS:
        raise RequestError(
            400,
            Code.BODY_INVALID,
            f"the charset {charset[:40]!r} is not read here",
            remedy="Send UTF-8.",
        )
    if media_type.lower() == TSV:
        parameters.setdefault("delimiter", "tab")
    return body_type, options_among(parameters)


def _accepted(header: str, default: str) -> tuple[str, Given]:
    """Return the name of the response's media type, and the parameters that were given with it."""
    ranges = parse_accept_header(header, MIMEAccept)
    if not ranges:
        return default, {}
    # Werkzeug would match parameters too; here they are options.
    bare = [(value.partition(";")[0], quality) for value, quality in ranges]
    best = MIMEAccept(bare).best_match((default, *WRITTEN))
    if best is None:
        raise RequestError(
            406,
            Code.NOT_ACCEPTABLE,
            "none of the accepted media types is written here",
            remedy=f"Accept one of {', '.join(WRITTEN)}.",
        )
    matching = [
        each for each, one in zip(ranges, bare, strict=True) if MIMEAccept([one]).best_match([best])
    ]
    parameters = parse_options_header(max(matching, key=lambda each: each[1])[0])[1]
    parameters.pop("charset", None)
    if "header" in parameters:
        parameters["answer_header"] = parameters.pop("header")
    return best, options_among(parameters)


def _attributes(header: str) -> Given:
    """Return the options among custom attributes, ``name=value`` between semicolons or commas.

    >>> _attributes("request 7; fields=id,page, top_k=5; trace=af4b==")
    {'fields': 'id,page', 'top_k': '5'}
    """
    if not are_attributes(header):
        raise RequestError(
            400,
            Code.OPTION_INVALID,
            "the custom attributes are not 1024 visible ASCII characters at most",
            where=ATTRIBUTES_HEADER,
        )
    pairs = (part.partition("=") for part in _BETWEEN_OPTIONS.split(header))
    return options_among({name.strip(): value.strip() for name, equals, value in pairs if equals})
