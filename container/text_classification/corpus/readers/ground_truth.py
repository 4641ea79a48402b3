"""Ground Truth's output manifests: the name of a class lies beside its number.

A record is ``{"source": ..., "letters": 0, "letters-metadata": {"class-name": "BILL", ...}}``;
``letters`` is the attribute that the labelling job was given.
"""

from collections.abc import Mapping
from typing import Any

_METADATA = "-metadata"


def with_class_names(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a record with the name of the class in place of its number, others as they are.

    Where one attribute has a class it is the field ``label`` too, unless there is another.
    """
    names = {
        key.removesuffix(_METADATA): name
        for key, value in record.items()
        if key.endswith(_METADATA) and isinstance(value, dict)
        for name in _class_name(value)
    }
    if not names:
        return record
    paths = {f"{attribute}{_METADATA}.class-name": name for attribute, name in names.items()}
    label = {"label": next(iter(names.values()))} if len(names) == 1 else {}
    return {**record, **names, **paths} | ({} if "label" in record else label)


def failure(record: Mapping[str, Any]) -> str:
    """Return why a record has no class: the labelling of its text failed; empty where it did not.

    >>> failure({"source": "...", "letters-metadata": {"failure-reason": "ClientError"}})
    'its labelling failed: ClientError'
    """
    jobs = [
        value
        for key, value in record.items()
        if key.endswith(_METADATA) and isinstance(value, dict)
    ]
    reasons = [job["failure-reason"] for job in jobs if "failure-reason" in job]
    return (
        f"its labelling failed: {reasons[0]!s:.80}" if reasons and len(reasons) == len(jobs) else ""
    )


def _class_name(metadata: Mapping[str, Any]) -> list[Any]:
    """Return the one class of a record; with several labels there is none to take."""
    if "class-name" in metadata:
        return [metadata["class-name"]]
    classes = metadata.get("class-map")
    return list(classes.values()) if isinstance(classes, dict) and len(classes) == 1 else []
