"""Options that stand where they would do nothing: beside the documents, or in one of many."""

from collections.abc import Collection, Mapping
from typing import Any

from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.format.foreign_options import FOREIGN
from text_classification.serving.predictions.format.options import OPTIONS
from text_classification.serving.predictions.requests.field_names import (
    LIST_FIELDS,
    MLFLOW_OPTIONS,
    OPTION_FIELDS,
)
from text_classification.serving.predictions.requests.large_json import StreamedList
from text_classification.serving.predictions.requests.records import Problem

# Those that change no answer are passed over anywhere.
_ALL = frozenset((*OPTIONS, *FOREIGN)) - {"padding", "batch_size"}
# Of options, what is hardly a field of a document.
_HARDLY_FIELDS = frozenset(
    (
        *("top_k", "explain", "explain_label", "scores", "text_column", "answer_header"),
        *("return_all_scores", "function_to_apply", "truncation", "max_length"),
    )
)
_HOLDERS = frozenset((*OPTION_FIELDS, MLFLOW_OPTIONS))
_IN_BODY = _ALL | {MLFLOW_OPTIONS}
_IN_RECORD = _HARDLY_FIELDS | _HOLDERS
_BESIDE = 'Put options into the field "parameters".'
_FOR_ALL = (
    'Options are for all records: put them into "parameters" beside the list, with JSON Lines into '
    'Accept ("application/jsonlines; top_k=5"). A field of that name has to be named in fields.'
)


def refuse_misplaced(body: Mapping[str, Any], wanted: Collection[str]) -> None:
    """Raise ``RequestError`` 400 for an option beside the documents of a body that is an object.

    wanted: the fields that are to be given back, which are no options.
    """
    if _IN_BODY.isdisjoint(body) or "*" in wanted:
        return
    has_list = any(isinstance(body.get(name), list | dict | StreamedList) for name in LIST_FIELDS)
    holders = () if not body.keys().isdisjoint(LIST_FIELDS) else (MLFLOW_OPTIONS,)
    name = _misplaced(body, _ALL if has_list else _HARDLY_FIELDS, holders, wanted)
    if name:
        raise RequestError(
            400,
            Code.OPTION_INVALID,
            f"the option {name} stands beside the documents",
            remedy=_BESIDE,
        )


def names_in_records(wanted: Collection[str]) -> frozenset[str]:
    """Return the fields of a record that may be options, or hold some."""
    if not wanted:
        return _IN_RECORD
    return frozenset() if "*" in wanted else _IN_RECORD.difference(wanted)


def misplaced_in(record: Mapping[str, Any], wanted: Collection[str]) -> Problem | None:
    """Return what is wrong with a record, one of several, that has an option."""
    name = _misplaced(record, _HARDLY_FIELDS, _HOLDERS, wanted)
    if name is None:
        return None
    return Problem(f"the option {name} stands in a record", _FOR_ALL, Code.OPTION_INVALID)


def _misplaced(
    fields: Mapping[str, Any],
    names: frozenset[str],
    holders: Collection[str],
    wanted: Collection[str],
) -> str | None:
    """Return the first option among some fields, or within one that holds options elsewhere."""
    for name in sorted(names.intersection(fields).difference(wanted)):
        if _is_meant(name, fields[name]):
            return name
    for holder in sorted(set(holders).difference(wanted)):
        held = fields.get(holder)
        found = _misplaced(held, _ALL, (), ()) if isinstance(held, dict) else None
        if found:
            return found
    return None


def _is_meant(name: str, value: Any) -> bool:
    """Tell whether a value is one of an option, and no field's that has its name by chance."""
    if value is None:
        return False
    if isinstance(value, int) and name in _HARDLY_FIELDS and name != "scores":  # data has scores
        return True
    try:
        (OPTIONS.get(name) or FOREIGN[name]).kind.read(value)
    except ValueError:
        return False
    return True
