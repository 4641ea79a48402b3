"""errors.py."""

import json
import pickle

import pytest

from text_classification.errors import Code, DataError, RequestError, TextClassificationError


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (DataError(Code.ROW_INVALID, "no label"), "ROW_INVALID: no label."),
        (
            DataError(Code.ROW_INVALID, "no label", where="a.csv, line 3", remedy="Add it."),
            "ROW_INVALID: no label [a.csv, line 3]. Add it.",
        ),
    ],
)
def test_error_is_one_line(error: TextClassificationError, line: str) -> None:
    """Code, what happened, where, what to do."""
    assert str(error) == line


def test_body_fits_into_what_a_caller_gets() -> None:
    """However long the parts, the answer stays below the 2048 characters that are passed on."""
    error = RequestError(400, Code.BODY_INVALID, "m" * 5_000, where="w" * 5_000, remedy="r" * 5_000)
    assert len(json.dumps(error.body())) < 2048


def test_body_holds_every_part() -> None:
    """What a caller needs is in the answer: code, message, place and remedy."""
    error = DataError(Code.ROW_INVALID, "no label", where="line 3", remedy="Add it.")
    assert error.body() == {
        "error": {
            "code": "ROW_INVALID",
            "message": "no label",
            "where": "line 3",
            "remedy": "Add it.",
        }
    }


def test_body_leaves_out_what_is_empty() -> None:
    """A message alone has neither place nor remedy."""
    body = RequestError(404, Code.NOT_FOUND, "not found").body()
    assert body == {"error": {"code": "NOT_FOUND", "message": "not found"}}


@pytest.mark.parametrize(
    "error",
    [
        DataError(Code.ROW_INVALID, "no label", where="line 3", remedy="Add it."),
        RequestError(404, Code.NOT_FOUND, "not found", remedy="Look."),
    ],
)
def test_error_passes_between_processes(error: TextClassificationError) -> None:
    """Whole, with its kind, place and remedy."""
    other = pickle.loads(pickle.dumps(error))
    assert type(other) is type(error)
    assert str(other) == str(error)
    assert vars(other) == vars(error)


def test_codes_are_their_names() -> None:
    """A code reads the same in the source, in a log and in an answer."""
    assert [code.value for code in Code] == list(Code.__members__)


def test_error_is_one_line_whatever_it_names() -> None:
    """A label, a file or a header cannot forge a line of a log, or turn one round."""
    forged = "a\r\n2026 INFO\u2028all \x1b[2J\u202ewell\ud800"
    error = DataError(Code.ROW_INVALID, forged, where=forged, remedy=forged)
    for text in (str(error), error.message, error.where, error.remedy):
        assert text.isprintable()
        assert "a 2026 INFO all \\x1b[2J\\u202ewell\\ud800" in text


@pytest.mark.parametrize("name", ["Grüße", "東京", "a  b", "naïve 😀"])
def test_names_stay_as_they_are(name: str) -> None:
    """In any script."""
    assert DataError(Code.ROW_INVALID, name).message == name
