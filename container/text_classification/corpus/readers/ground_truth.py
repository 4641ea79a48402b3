"""Ground Truth's output manifests: the name of a class lies beside its number.

A record is ``{"source": ..., "letters": 0, "letters-metadata": {"class-name": "BILL", ...}}``;
``letters`` is the attribute that the labelling job was given.
"""

from collections.abc import Mapping
from typing import Any

METADATA = "-metadata"

# What jobs tell of a record, by their attributes.
Jobs = Mapping[str, Mapping[str, Any]]


def labelling_jobs(record: Mapping[str, Any]) -> Jobs:
    """Return what labelling jobs tell of a record; nothing for one of another kind.

    >>> labelling_jobs({"source": "...", "letters": 0, "letters-metadata": {"class-name": "BILL"}})
    {'letters': {'class-name': 'BILL'}}
    """
    return {
        key.removesuffix(METADATA): value
        for key, value in record.items()
        if key.endswith(METADATA) and isinstance(value, dict)
    }


def with_class_names(record: Mapping[str, Any], jobs: Jobs) -> Mapping[str, Any]:
    """Return a record with the name of the class in place of its number, others as they are.

    Where one attribute has a class it is the field ``label`` too, unless there is another.
    """
    names = {attribute: name for attribute, job in jobs.items() for name in _classes(job)}
    if not names:
        return record
    paths = {f"{attribute}{METADATA}.class-name": name for attribute, name in names.items()}
    label = {"label": next(iter(names.values()))} if len(names) == 1 else {}
    return {**record, **names, **paths} | ({} if "label" in record else label)


def failure(jobs: Jobs) -> str:
    """Return why a record has no class: the labelling of its text failed; empty where it did not.

    >>> failure({"letters": {"failure-reason": "ClientError"}})
    'its labelling failed: ClientError'
    """
    reasons = [job["failure-reason"] for job in jobs.values() if "failure-reason" in job]
    return (
        f"its labelling failed: {reasons[0]!s:.80}" if reasons and len(reasons) == len(jobs) else ""
    )


def _classes(metadata: Mapping[str, Any]) -> list[Any]:
    """Return the class of a record, alone; a list of them is one value, and no label."""
    if "class-name" in metadata:
        return [metadata["class-name"]]
    classes = metadata.get("class-map")
    if not isinstance(classes, dict):
        return []
    names = list(classes.values())
    return [names] if len(names) > 1 else names
