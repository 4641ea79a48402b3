"""serving/predictions/requests/records.py: bodies of many bad records are refused early."""

import itertools
from collections.abc import Iterator

import pytest

from tests.unit.serving.predictions.requests.bodies import JSON, LINES
from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.format.negotiation import Negotiation
from text_classification.serving.predictions.requests.records import (
    MOST_BAD,
    Document,
    Found,
    Problem,
    gather,
)

BAD = Problem("it is bad", "Make it good.", Code.DOCUMENT_TOO_LONG, 413)


class Counted:
    """Yields good and bad records without end, and counts them."""

    def __init__(self, *records: Found) -> None:
        self.taken = 0
        self._records = itertools.cycle(records)

    def __iter__(self) -> Iterator[Found]:
        for record in self._records:
            self.taken += 1
            yield record


def test_mostly_bad_records_are_refused_early() -> None:
    """With the first of them, what is wrong with it, and how many there are."""
    found = Counted(Document("good"), BAD, BAD)
    with pytest.raises(RequestError) as raised:
        list(gather(found, "record", Negotiation().request_format(JSON, "", "")))
    error = raised.value
    assert found.taken == 1500
    assert (error.status, error.code, error.where) == (413, Code.DOCUMENT_TOO_LONG, "record 2")
    assert error.message.startswith("1000 of the first 1500 records are bad")
    assert error.message.endswith("it is bad")
    assert error.remedy == "Make it good."


def test_as_many_good_records_are_answered() -> None:
    """Bad ones have their errors, each with its place."""
    found = itertools.islice(Counted(Document("good"), BAD), 4 * MOST_BAD)
    pieces = list(gather(found, "record", Negotiation().request_format(JSON, "", "")))
    places = [error.where for piece in pieces for error in piece.problems.values()]
    assert places == [f"record {number}" for number in range(2, 4 * MOST_BAD + 1, 2)]


def test_batch_transform_has_a_line_for_each() -> None:
    """However many are bad."""
    found = itertools.islice(Counted(BAD), 3 * MOST_BAD)
    pieces = list(gather(found, "line", Negotiation(batch=True).request_format(LINES, "", "")))
    assert sum(len(piece.problems) for piece in pieces) == 3 * MOST_BAD
