"""serving/predictions/format/options.py."""

from typing import Any

import pytest

from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.format.options import read_options


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"top_k": "5"}, {"top_k": 5}),
        ({"top_k": 5.0}, {"top_k": 5}),
        ({"top_k": " ALL "}, {"top_k": "all"}),
        ({"top_k": None}, {"top_k": None}),
        ({"explain": "true", "strict": "1"}, {"explain": True, "strict": True}),
        ({"explain": "False"}, {"explain": False}),
        ({"model": "true", "timing": True}, {"model": True, "timing": True}),
        ({"fields": "id, page ,"}, {"fields": ("id", "page")}),
        ({"fields": ["id", "a,b"]}, {"fields": ("id", "a,b")}),
        ({"header": "Present"}, {"header": "present"}),
        ({"answer_header": "ABSENT"}, {"answer_header": "absent"}),
        ({"text_column": 2}, {"text_column": "2"}),
        ({"shape": "blazingtext"}, {"shape": "blazingtext"}),
    ],
)
def test_strings_and_json_mean_the_same(given: dict[str, Any], expected: dict[str, Any]) -> None:
    """Headers hold strings, bodies have types."""
    found = read_options({"Accept": given})
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("given", "listed"),
    [
        ({}, 3),
        ({"top_k": 7}, 7),
        ({"top_k": "all"}, None),
        ({"top_k": None}, None),
        ({"top_k": 7, "k": 2}, 2),
        ({"shape": "blazingtext"}, 1),
        ({"shape": "blazingtext", "k": 2}, 2),
        ({"shape": "blazingtext", "top_k": "all"}, None),
    ],
)
def test_labels_listed(given: dict[str, Any], listed: int | None) -> None:
    """Three by default, one where BlazingText is followed, any number on request."""
    assert read_options({"Accept": given}).listed == listed


def test_later_place_counts() -> None:
    """Places are named in rising order."""
    assert read_options({"a": {"top_k": 1}, "b": {"top_k": 2}, "c": {"k": None}}).listed == 2


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"top_k": "0"}, "top_k is wrong"),
        ({"top_k": "many"}, "top_k is wrong"),
        ({"k": "all"}, "k is wrong: it is not a whole number from 1 on or null"),
        ({"k": True}, "k is wrong"),
        ({"k": 1.5}, "k is wrong"),
        ({"k": [1]}, "k is wrong"),
        ({"k": float("inf")}, "k is wrong"),
        ({"k": "9" * 5000}, "k is wrong"),
        ({"text_column": True}, "text_column is wrong"),
        ({"shape": None}, "shape is wrong"),
        ({"explain": "perhaps"}, "explain is wrong"),
        ({"model": "letters-7"}, "model is wrong: it is not true or false"),
        ({"timing": None}, "timing is wrong"),
        ({"mode": 1}, "there is no option 'mode'"),
        ({"header": "yes"}, "header is wrong: it is not present or absent or null"),
        ({"fields": 3}, "fields is wrong"),
        ({"fields": [3]}, "fields is wrong"),
        ({"fields": ["id"] * 101}, "fields is wrong"),
        ({"fields": "x" * 201}, "fields is wrong"),
        ({"shape": "round"}, "shape is wrong"),
        ({"text_column": "x" * 201}, "text_column is wrong"),
        ({"threshold": 1}, "there is no option 'threshold'"),
        ({"x" * 1000: 1}, f"there is no option '{'x' * 39}"),
    ],
)
def test_wrong_options_are_told(given: dict[str, Any], message: str) -> None:
    """Status 400, with the place it stands in, and without the value."""
    with pytest.raises(RequestError) as raised:
        read_options({"Content-Type": {"lines": "true"}, "Accept": given})
    error = raised.value
    assert (error.status, error.code, error.where) == (400, Code.OPTION_INVALID, "Accept")
    assert message in error.message
    assert any(each in error.remedy for each in ("openapi.json", "There are top_k", "mean model?"))
    assert len(error.message) < 200


def test_nearest_option_is_named() -> None:
    """A typing mistake is told as one."""
    with pytest.raises(RequestError) as raised:
        read_options({"Accept": {"top-k": 3}})
    assert raised.value.remedy == "Did you mean top_k?"
