"""corpus/readers/ground_truth.py."""

from collections.abc import Mapping
from typing import Any

import pytest

from text_classification.corpus.readers.ground_truth import (
    failure,
    labelling_jobs,
    with_class_names,
)


def record(metadata: dict[str, Any], **others: Any) -> dict[str, Any]:
    """Return a record of a manifest whose attribute is called letters."""
    return {"source": "a text", "letters": 0, "letters-metadata": metadata, **others}


def named(record: dict[str, Any]) -> Mapping[str, Any]:
    """Return a record with what its jobs say."""
    return with_class_names(record, labelling_jobs(record))


def reason(record: dict[str, Any]) -> str:
    """Return why a record has no class."""
    return failure(labelling_jobs(record))


@pytest.mark.parametrize("metadata", [{"class-name": "BILL"}, {"class-map": {"0": "BILL"}}])
def test_class_has_its_name(metadata: dict[str, Any]) -> None:
    """In place of its number, by the path to it, and as the label."""
    fields = named(record(metadata))
    assert fields["letters"] == "BILL"
    assert fields["letters-metadata.class-name"] == "BILL"
    assert fields["label"] == "BILL"
    assert fields["source"] == "a text"


def test_several_classes_are_no_label() -> None:
    """They stay together, to be told as several; a field that is called label is what it says."""
    fields = named(record({"class-map": {"0": "BILL", "1": "CLAIM"}}))
    assert fields["label"] == fields["letters"] == ["BILL", "CLAIM"]
    assert named(record({"class-map": {"0": "a", "1": "b"}}, label="own"))["label"] == "own"


def test_failed_labelling_is_told() -> None:
    """Unless another job has given the text a class."""
    failed = {"failure-reason": "ClientError", "retry-count": 1}
    assert reason(record(failed)) == "its labelling failed: ClientError"
    assert not reason(record({"class-name": "BILL"}))
    assert not reason(record(failed, **{"check-metadata": {"class-name": "GOOD"}}))
    assert not reason({"source": "a text"})


def test_label_of_its_own_stays() -> None:
    """A field that is called label is what it says."""
    fields = named(record({"class-name": "BILL"}, label="own"))
    assert (fields["label"], fields["letters"]) == ("own", "BILL")


def test_none_of_two_attributes_is_the_label() -> None:
    """Jobs that were chained have one each; which is meant must be said."""
    second = {"check": 1, "check-metadata": {"class-name": "GOOD"}}
    fields = named(record({"class-name": "BILL"}, **second))
    assert (fields["letters"], fields["check"]) == ("BILL", "GOOD")
    assert "label" not in fields


@pytest.mark.parametrize(
    "values",
    [
        {"label": "x", "text": "one"},
        record({"failure-reason": "none"}),
        record({"class-map": {}}),
        {"x-metadata": "no object"},
    ],
)
def test_other_records_stay_as_they_are(values: dict[str, Any]) -> None:
    """Without a class there is nothing to name."""
    assert named(values) is values
