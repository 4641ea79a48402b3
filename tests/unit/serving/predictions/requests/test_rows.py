"""serving/predictions/requests/rows.py: headers, and the column of the text."""

from typing import Any

import pytest

from tests.unit.serving.predictions.requests.bodies import CSV, read
from text_classification.errors import RequestError


@pytest.mark.parametrize(
    ("options", "body", "expected"),
    [
        ({"header": "present"}, "review\none\n", ["one"]),
        ({"header": "absent"}, "text\none\n", ["text", "one"]),
        ({"header": "Present"}, "id,text\n1,one\n", ["one"]),
        ({"text_column": "review"}, "id,Review\n1,one\n", ["one"]),
        ({"text_column": "Review"}, "review\none\n", ["one"]),
        ({"text_column": "review"}, "text,review\nno,one\n", ["one"]),
        ({"text_column": "1"}, "1,one\n2,two\n", ["one", "two"]),
        ({"text_column": 1}, "1,one\n2,two\n", ["one", "two"]),
        ({"text_column": "1", "header": "present"}, "id,review\n1,one\n", ["one"]),
        ({"text_column": "0"}, "id,text\none,1\n", ["one"]),
        ({"text_column": "0", "header": "absent"}, "id,text\none,1\n", ["id", "one"]),
        ({"text_column": "2000", "header": "present"}, "1999,2000\nno,one\n", ["one"]),
        ({}, "id,body,text\n1,no,one\n", ["one"]),
        ({}, "source\n", ["source"]),
    ],
)
def test_column_is_the_one_that_was_meant(
    options: dict[str, Any], body: str, expected: list[str]
) -> None:
    """By its name, by its number, by the usual names, or the only one."""
    assert read(body, CSV, **options).texts == expected


@pytest.mark.parametrize(
    ("options", "body", "word"),
    [
        ({"header": "present"}, "id,review\n1,one\n", "no column is named text"),
        ({"text_column": "review"}, "id,text\n1,one\n", "no column 'review'"),
        ({"text_column": "text", "header": "absent"}, "id,text\n1,one\n", "no column 'text'"),
        ({"text_column": "2", "header": "present"}, "id,text\n1,one\n", "no column '2'"),
        ({"text_column": "2"}, "1,one\n", "2 fields where 3 or more are expected"),
    ],
)
def test_column_that_is_not_there_is_told(options: dict[str, Any], body: str, word: str) -> None:
    """Which column is the text is never guessed."""
    with pytest.raises(RequestError, match=word):
        read(body, CSV, **options)


def test_short_first_row_does_not_spoil_the_others() -> None:
    """Without a header each row is judged by itself."""
    found = read("1\n2,two\n3,three,x\n", CSV, text_column="1")
    assert (found.texts, found.problems) == (["", "two", "three"], {0: "row 1"})


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"fields": "id"}, {"id": "1"}),
        ({"fields": "id,x"}, {"id": "1", "x": None}),
        ({"fields": "*"}, {"id": "1", "n": ""}),
        ({"fields": "0", "header": "absent", "text_column": "1"}, {"0": "id"}),
        ({"fields": "*", "header": "absent", "text_column": "1"}, {"0": "id", "2": "n"}),
    ],
)
def test_other_columns_are_kept_on_request(
    options: dict[str, Any], expected: dict[str, Any]
) -> None:
    """By their names, or without a header by their numbers."""
    assert read("id,text,n\n1,one,\n", CSV, **options).fields[0] == expected
