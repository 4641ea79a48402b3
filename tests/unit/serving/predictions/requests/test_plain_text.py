"""serving/predictions/requests/plain_text.py."""

import json

import pytest

from tests.unit.serving.predictions.requests.bodies import CSV, PLAIN, read
from text_classification.errors import RequestError


@pytest.mark.parametrize(
    "body",
    [
        {"text": "one"},
        {"instances": ["one"]},
        {"inputs": "one"},
        {"letter": "one"},
        ["one"],
        [{"a": 1}],
    ],
)
def test_json_under_the_type_of_plain_text_is_refused(body: object) -> None:
    """Browsers send a string as text/plain unless they are told: nobody means the source text."""
    for indent in (None, 1):
        with pytest.raises(RequestError, match="it is JSON, which its content type"):
            read(json.dumps(body, indent=indent), PLAIN, own="letter")
    lines = f"fine\n{json.dumps(body)}\n"
    assert read(lines, PLAIN, own="letter", lines=True).problems == {1: "line 2"}


def test_json_as_a_row_of_csv_is_refused() -> None:
    """Without a comma it would be a text."""
    for row in ('{"text": "one"}', '["one two"]', ' ["one two"]', '"[""one"",""two""]"'):
        assert read(f"fine\n{row}\n", CSV).problems == {1: "row 2"}
        assert read(f"fine\n{row}\n", CSV, batch=True).problems == {1: "line 2"}
    for row in ("[deleted] it", "[1]", "{", "[]"):
        assert read(f"fine\n{row}\n", CSV).texts == ["fine", row]
    assert read('text\n{"text": "one"}\n', CSV).texts == ['{"text": "one"}']


@pytest.mark.parametrize("text", ['{"a": 1}', "[1]", "[deleted] it", "{", '"one"', "  {x} y"])
def test_text_that_holds_no_documents_is_one(text: str) -> None:
    """Notes and log lines may begin like JSON, and be JSON."""
    assert read(text, PLAIN).texts == [text]
