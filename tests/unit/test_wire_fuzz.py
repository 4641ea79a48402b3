"""Whatever a caller sends is answered, with predictions or a reason, never by a fault of ours."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from tests.support.exhaustive import examples
from tests.unit.helpers import random_artifact, random_ngrams
from text_classification import artifact
from text_classification.contract.column_names import TEXT_NAMES
from text_classification.contract.settings import Settings
from text_classification.predict import create_app
from text_classification.serving.predictions import invocation
from text_classification.serving.predictions.format.foreign_options import FOREIGN
from text_classification.serving.predictions.format.media_types import READ, WRITTEN
from text_classification.serving.predictions.format.negotiation import (
    ATTRIBUTES_HEADER,
    are_attributes,
)
from text_classification.serving.predictions.format.options import OPTIONS
from text_classification.serving.predictions.requests.field_names import (
    LIST_FIELDS,
    OPTION_FIELDS,
)

EXAMPLES = examples(300)
SECRET = "ceterum censeo"
WORDS = (SECRET, "good", "", "text", "all", "present", "*", "id", "k", "1", "true", "é字", "\ud800")
TABLES = ("features", "values", "columns", "data", "index", "schema", "datatype", "0", "params")
NAMES = (*TEXT_NAMES[:3], *TABLES, *LIST_FIELDS, *OPTION_FIELDS, *OPTIONS, *FOREIGN, "id", SECRET)

words = st.sampled_from(WORDS) | st.text(max_size=8)
numbers = st.integers() | st.floats() | st.sampled_from([10**4000, 1e308])
leaves = st.none() | st.booleans() | numbers | words
values: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
        | st.builds(lambda value, depth: [[value]] * depth, inner, st.integers(1, 3))
    ),
    max_leaves=8,
)
records = words | st.fixed_dictionaries({"text": words}, optional={"id": values, "k": leaves})
requests = (
    records
    | st.lists(records, min_size=1)
    | st.fixed_dictionaries(
        {"data": st.lists(st.lists(leaves, max_size=3))},
        optional={"columns": st.lists(st.sampled_from(NAMES), max_size=3), "schema": values},
    )
    | st.dictionaries(st.sampled_from(("text", "id", "0", "1")), st.lists(words) | values)
    | st.fixed_dictionaries(
        {"instances": st.lists(records | values, min_size=1)},
        optional={"parameters": st.dictionaries(st.sampled_from(NAMES), words, max_size=1)},
    )
)
parts = st.sampled_from(
    [*'[]{}",:;=\n\r\t\\ ', "\x00", "\ufeff", '""', "NaN", "1e999", "-", "\\ud800", *WORDS, *NAMES]
)
texts = (requests | requests | values).map(json.dumps) | st.lists(parts, max_size=30).map("".join)
bodies = (
    texts.map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.lists(texts, max_size=5).map(lambda lines: "\n".join(lines).encode("utf-8", "replace"))
    | texts.map(lambda text: text.encode("utf-16", "surrogatepass"))
    | st.binary(max_size=60)
    | st.integers(1, 5000).map(lambda depth: b"[" * depth + b'"a"' + b"]" * depth)
    | st.integers(1, 5000).map(lambda depth: b'{"text":"a","id":' + b"[" * depth)
)
RIGHT = [
    ("top_k", "2"),
    ("explain", "true"),
    ("fields", "*"),
    ("lines", "true"),
    ("strict", "true"),
    ("scores", "true"),
    ("delimiter", "tab"),
    ("model", "true"),
    ("timing", "true"),
]
wrong = st.tuples(st.sampled_from([*OPTIONS, "q", "charset", ""]), words)
options = st.lists(st.sampled_from(RIGHT * 3) | wrong, max_size=2)
parameters = options.map(lambda pairs: "".join(f'; {name}="{value}"' for name, value in pairs))
# What a header can hold, for nginx and gunicorn let nothing else pass.
NOT_IN_HEADERS = str.maketrans("", "", "\r\n\0")


def header(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return headers: some content or nonsense."""
    return st.one_of(*[content] * 9, st.text(max_size=40)).map(
        lambda text: text.translate(NOT_IN_HEADERS).encode("latin-1", "replace").decode("latin-1")
    )


def media_types(*names: str) -> st.SearchStrategy[str]:
    """Return headers that name media types, with parameters right and wrong."""
    named = st.sampled_from(names)
    return header(named | st.builds(str.__add__, named, parameters))


@pytest.fixture(scope="module", params=["small", "large", "batch"])
def client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FlaskClient]:
    """The application: bodies as a whole, in pieces, and for batch transform."""
    root = tmp_path_factory.mktemp("root")
    artifact.save(replace(random_artifact(), ngrams=random_ngrams()), root / "model")
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "large":
            patch.setattr(invocation, "HELD_BYTES", 1)
        app = create_app(Settings(root=root, scratch=root, batch=request.param == "batch"))
        yield app.test_client()


@settings(max_examples=EXAMPLES)
@given(
    body=bodies,
    content_type=media_types(*READ),
    accept=media_types(*WRITTEN, "*/*", "text/*"),
    attributes=header(options.map(lambda pairs: "; ".join(map("=".join, pairs)))),
)
@example(b'{"instances": "a", "instances": ["b"]}', "application/json", "", "")
def test_anything_is_answered(
    client: FlaskClient, body: bytes, content_type: str, accept: str, attributes: str
) -> None:
    """With 200 and as many scores as are due, or with a caller's error that repeats no text."""
    headers = {"Accept": accept, ATTRIBUTES_HEADER: attributes}
    answer = client.post("/invocations", data=body, content_type=content_type, headers=headers)
    text = answer.text
    answer.close()
    given_back = attributes if are_attributes(attributes) else ""
    assert answer.headers.get(ATTRIBUTES_HEADER, "") == given_back
    event(str(answer.status_code))
    if answer.status_code == 200:
        assert text
        return
    assert answer.status_code in {400, 406, 415}
    error = json.loads(text)["error"]
    assert {"code", "message"} <= set(error)
    if SECRET not in content_type + accept + attributes:
        assert SECRET not in text
