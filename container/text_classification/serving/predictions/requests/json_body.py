"""JSON: a string, a record, a list of either, or an object with such a list and options."""

from collections.abc import Iterable, Mapping
from typing import Any

from text_classification.serving.predictions.format.negotiation import RequestFormat
from text_classification.serving.predictions.requests.body_source import Source
from text_classification.serving.predictions.requests.field_names import (
    LIST_FIELDS,
    MLFLOW_OPTIONS,
    OPTION_FIELDS,
    joined_names,
    text_names,
)
from text_classification.serving.predictions.requests.json_records import BLAZINGTEXT, RecordReader
from text_classification.serving.predictions.requests.json_tables import records_of
from text_classification.serving.predictions.requests.json_text import (
    MALFORMED,
    OPENING,
    encoded_value,
    malformed,
    parse,
)
from text_classification.serving.predictions.requests.large_json import StreamedList, large_value
from text_classification.serving.predictions.requests.misplaced_options import refuse_misplaced
from text_classification.serving.predictions.requests.records import Body, gather, invalid

_OPTIONS = frozenset((*OPTION_FIELDS, MLFLOW_OPTIONS))
# An object with none of these fields and a string as its text is a record.
_TABLES = frozenset((*LIST_FIELDS, "columns", "schema")) - {"inputs"}


def read_json(source: Source, request_format: RequestFormat) -> Body:
    """Return what a JSON body holds; options among its fields go before the headers'."""
    body = _small_value(source) if source.small else _large_value(source, request_format)
    if isinstance(body, str) and body[:1] in OPENING:
        body = _decoded(body)
    value = body
    if isinstance(value, dict):
        refuse_misplaced(value, request_format.options.fields)
        request_format = (
            request_format if _OPTIONS.isdisjoint(value) else _agreed(value, request_format)
        )
        if _is_record(value):
            value = [value]
        else:
            value = records_of(value, request_format.options, request_format.own_names)
    elif not isinstance(value, list | StreamedList):
        value = [value]
    records: Iterable[Any] = value
    reader = RecordReader(request_format.options, request_format.own_names, body)
    return Body(request_format, gather(map(reader, records), "record", request_format))


def _large_value(source: Source, request_format: RequestFormat) -> Any:
    asked = request_format.options.text_column, request_format.own_names
    return large_value(source, {*text_names(*asked), *joined_names(*asked)})


def _small_value(source: Source) -> Any:
    try:
        return parse(source.whole())
    except MALFORMED as error:
        raise malformed(error) from None


def _decoded(text: str) -> Any:
    """Return what a string was before it was encoded once more, or the string if it was not."""
    value = encoded_value(text)
    if value is None and text.startswith('"'):
        try:
            value = parse(text)
        except MALFORMED:
            return text
        return (encoded_value(value) or value) if isinstance(value, str) else text
    return text if value is None else value


def _is_record(value: Mapping[str, Any]) -> bool:
    """Tell whether an object is a record at the first glance, as most are."""
    has_text = isinstance(value.get("text", value.get("inputs")), str)
    return has_text and _TABLES.isdisjoint(value) and not isinstance(value.get("inputs"), list)


def _agreed(value: Mapping[str, Any], request_format: RequestFormat) -> RequestFormat:
    given: dict[str, Any] = {}
    for name in _option_fields(value):
        options = value.get(name)
        if options is not None and not isinstance(options, dict):
            raise invalid(f"{name} is not an object", "GET /openapi.json describes the options.")
        given |= options or {}
    if "configuration" in value:
        return request_format.with_options(given, BLAZINGTEXT)
    return request_format.with_options(given, {}) if given else request_format


def _option_fields(value: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields that hold options: a record without a list may have any others."""
    has_list = MLFLOW_OPTIONS in value and not value.keys().isdisjoint(LIST_FIELDS)
    return (*OPTION_FIELDS, MLFLOW_OPTIONS) if has_list else OPTION_FIELDS
