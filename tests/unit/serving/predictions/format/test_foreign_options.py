"""serving/predictions/format/foreign_options.py: Hugging Face's names."""

from typing import Any

import pytest

from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.format.negotiation import Negotiation
from text_classification.serving.predictions.format.options import Options, read_options


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"return_all_scores": True}, Options(top_k="all")),
        ({"return_all_scores": "false"}, Options(top_k=1)),
        ({"return_all_scores": False, "top_k": 2}, Options(top_k=2)),
        ({"top_k": None}, Options(top_k=None)),
        ({"function_to_apply": "softmax"}, Options()),
        ({"truncation": True, "padding": "max_length", "batch_size": 8}, Options()),
        ({"truncation": "only_first", "padding": True, "explain": True}, Options(explain=True)),
    ],
)
def test_what_they_mean_here(given: dict[str, Any], expected: Options) -> None:
    """Options of ours, or nothing."""
    assert read_options({"the body": given}) == expected


@pytest.mark.parametrize(
    "given",
    [
        {"truncation": False},
        {"truncation": "do_not_truncate"},
        {"function_to_apply": "sigmoid"},
        {"function_to_apply": "none"},
        {"return_all_scores": "perhaps"},
        {"max_length": 16},
        {"batch_size": 0},
        {"candidate_labels": ["a"]},
    ],
)
def test_what_would_change_answers_is_refused_by_name(given: dict[str, Any]) -> None:
    """Status 400."""
    (name,) = given
    with pytest.raises(RequestError, match=name) as raised:
        read_options({"the body": given})
    assert (raised.value.status, raised.value.code) == (400, Code.OPTION_INVALID)


def test_headers_may_have_them_too() -> None:
    """As any option."""
    request_format = Negotiation().request_format(
        "application/json; return_all_scores=true", "", "truncation=true"
    )
    assert request_format.options == Options(top_k="all")
