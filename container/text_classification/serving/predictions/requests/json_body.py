"""JSON: a string, a record, a list of either, or an object with such a list and options."""

from collections.abc import Mapping
from typing import Any

from text_classification.serving.predictions.format.negotiation import Terms
from text_classification.serving.predictions.requests.body_source import Source
from text_classification.serving.predictions.requests.field_names import (
    LIST_FIELDS,
    OPTION_FIELDS,
    TEXT_FIELDS,
)
from text_classification.serving.predictions.requests.json_records import BLAZINGTEXT, RecordReader
from text_classification.serving.predictions.requests.json_text import MALFORMED, malformed, parse
from text_classification.serving.predictions.requests.large_json import Later, large_value
from text_classification.serving.predictions.requests.records import Body, gather, invalid


def read_json(source: Source, terms: Terms) -> Body:
    """Return what a JSON body holds; options among its fields become part of the terms."""
    value = large_value(source) if not source.small else _small_value(source)
    if isinstance(value, dict):
        terms = _agreed(value, terms)
        value = _records(value)
    records = value if isinstance(value, list | Later) else [value]
    return Body(terms, gather(map(RecordReader(terms.options), records), "record", terms))


def _small_value(source: Source) -> Any:
    try:
        return parse(source.whole())
    except MALFORMED as error:
        raise malformed(error) from None


def _agreed(value: Mapping[str, Any], terms: Terms) -> Terms:
    given: dict[str, Any] = {}
    for name in OPTION_FIELDS:
        options = value.get(name)
        if options is not None and not isinstance(options, dict):
            raise invalid(f"{name} is not an object", "GET /openapi.json describes the options.")
        given |= options or {}
    if "configuration" in value:
        return terms.with_options(given, BLAZINGTEXT)
    return terms.with_options(given, {}) if given else terms


def _records(value: Mapping[str, Any]) -> Any:
    """Return the list of an object, or the object where it is a record itself.

    A list counts before a text; what else a field for lists holds is a record where no text is.
    """
    is_record = any(isinstance(value.get(name), str) for name in TEXT_FIELDS)
    for name in LIST_FIELDS:
        if name in value and (isinstance(value[name], list | Later) or not is_record):
            return value[name]
    return value
