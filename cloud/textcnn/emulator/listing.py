"""The List operations: filters, order and pages, which all of them share."""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from textcnn.emulator.protocol.errors import ValidationException

DEFAULT_PAGE = 10


def page(  # noqa: PLR0913 - what differs from one operation to the next
    values: Mapping[str, Any],
    summaries: Iterable[dict[str, Any]],
    *,
    response: str,
    name: str,
    status: str = "",
    order: Callable[[dict[str, Any]], Any] | None = None,
) -> dict[str, Any]:
    """Return one page of summaries, filtered and sorted as the request's members ask.

    answer is the member of the answer that holds them; name and status are members of a summary.
    order is what an operation sorts by that sorts by more than names, statuses and times.
    """
    kept = [each for each in summaries if _matches(values, each, name, status)]
    member = {"Name": name, "Status": status}.get(values.get("SortBy", ""), "CreationTime")
    kept.sort(
        key=order or (lambda each: (each.get(member) or each["CreationTime"], each[name])),
        reverse=values.get("SortOrder", "Descending") == "Descending",
    )
    start = _offset(values.get("NextToken"))
    end = start + int(values.get("MaxResults", DEFAULT_PAGE))
    answered: dict[str, Any] = {response: kept[start:end]}
    if end < len(kept):
        answered["NextToken"] = base64.b64encode(json.dumps(end).encode()).decode()
    return answered


def _matches(values: Mapping[str, Any], summary: dict[str, Any], name: str, status: str) -> bool:
    changed = summary.get("LastModifiedTime") or summary["CreationTime"]
    rules: dict[str, Callable[[Any], bool]] = {
        "NameContains": lambda wanted: wanted.lower() in summary[name].lower(),
        "StatusEquals": lambda wanted: summary.get(status) == wanted,
        "CreationTimeAfter": lambda wanted: summary["CreationTime"] > wanted,
        "CreationTimeBefore": lambda wanted: summary["CreationTime"] < wanted,
        "LastModifiedTimeAfter": lambda wanted: changed > wanted,
        "LastModifiedTimeBefore": lambda wanted: changed < wanted,
    }
    return all(rule(values[key]) for key, rule in rules.items() if key in values)


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    try:
        offset = json.loads(base64.b64decode(token, validate=True))
    except ValueError:
        raise ValidationException("Invalid pagination token.") from None
    return offset if isinstance(offset, int) and offset >= 0 else 0
