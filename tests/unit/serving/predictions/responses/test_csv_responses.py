"""serving/predictions/responses/csv_responses.py."""

import csv
import io
import json
from typing import Any

import pytest

from tests.unit.serving.predictions.responses.answering import (
    LABELS,
    TEXTS,
    pieces,
    predictor,
    records,
)
from text_classification.serving.predictions.requests.records import Document, Records
from text_classification.serving.predictions.responses.csv_responses import write_csv


def rows(*found: Records, **options: Any) -> list[list[str]]:
    """Return the rows of an answer."""
    text = "".join(write_csv(predictor(**options), found or pieces()))
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_a_row_for_each_record() -> None:
    """Labels and scores by rank, then what is known of the document; labels are quoted."""
    found = rows()
    answers = [prediction for piece in pieces() for prediction in predictor()(piece)]
    assert len(found) == 3
    for row, answer in zip(found, answers, strict=True):
        if "error" in answer:
            assert row == [""] * 8 + ["BODY_INVALID: it is not good [line 2]"]
        else:
            best = [cell for each in answer["top"] for cell in map(str, each.values())]
            truncated = str(answer["truncated"]).lower()
            assert row == [*best, str(answer["unknown_share"]), truncated, ""]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, "label_2 score_2 label_3 score_3 unknown_share truncated error"),
        ({"top_k": 1, "strict": True}, "unknown_share truncated"),
        ({"top_k": 1, "floor": 0.5}, "sure unknown_share truncated error"),
        (
            {"top_k": 1, "explain": True, "fields": "id,page"},
            "unknown_share truncated explanation id page error",
        ),
        ({"top_k": 1, "fields": "*"}, "unknown_share truncated fields error"),
        (
            {"top_k": 1, "scores": True, "floor": 0},
            "labels scores sure unknown_share truncated error",
        ),
    ],
)
def test_columns_follow_from_what_was_asked_for(options: dict[str, Any], names: str) -> None:
    """A header names them; every row has them all."""
    fields = {"id": 1, "page": 2}
    found = rows(records(Document("x", fields)), answer_header="present", **options)
    assert found[0] == ["label", "score", *names.split()]
    assert len(found[1]) == len(found[0])
    assert found[1][0] in LABELS


def test_records_without_fields_have_empty_cells() -> None:
    """A plain text has none of those that were asked for."""
    (row,) = rows(records(Document("x")), fields="id,page", top_k=1, strict=True)
    assert row[4:] == ["", ""]


def test_values_of_any_kind_have_cells() -> None:
    """Text as it is, nothing for null, numbers in digits, the rest in JSON."""
    fields = {"a": "x,\ny", "b": None, "c": 1.5, "d": [1, {"e": "é"}], "f": True}
    (row,) = rows(records(Document("x", fields)), fields=list(fields), top_k=1, strict=True)
    assert row[4:] == ["x,\ny", "", "1.5", '[1, {"e": "é"}]', "true"]
    (row,) = rows(records(Document("x", {"a": "b"})), fields="*", top_k=1, strict=True)
    assert row[4:] == ['{"a": "b"}']


@pytest.mark.parametrize(
    ("has_header", "batch", "asked", "header"),
    [
        (True, True, None, True),
        (True, False, None, False),
        (False, True, None, False),
        (True, True, "absent", False),
        (False, False, "present", True),
    ],
)
def test_header_of_the_body_has_its_line_in_batch_transform(
    *, has_header: bool, batch: bool, asked: str | None, header: bool
) -> None:
    """So that lines of input and output can be joined; a caller's wish counts more."""
    first, second = pieces()
    first.has_header = has_header
    found = rows(first, second, batch=batch, answer_header=asked)
    assert (found[0][0] == "label") is header
    assert len(found) == 3 + header


def test_scores_of_all_labels_are_in_one_order() -> None:
    """A list of labels and one of scores, the same labels in every row."""
    first, second = rows(records(Document(TEXTS[0]), Document(TEXTS[2])), scores=True, top_k=1)
    assert json.loads(first[2]) == json.loads(second[2]) == list(LABELS)
    for row in (first, second):
        best = dict(zip(json.loads(row[2]), json.loads(row[3]), strict=True))
        assert best[row[0]] == float(row[1]) == max(best.values())


def test_header_alone_has_its_line() -> None:
    """There is nothing else to answer."""
    header = Records(has_header=True)
    assert [row[0] for row in rows(header, batch=True)] == ["label"]
