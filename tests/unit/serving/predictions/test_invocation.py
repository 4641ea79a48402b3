"""serving/predictions/invocation.py: from a body to an answer, in memory or through files."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.unit.helpers import random_artifact
from tests.unit.serving.predictions.requests.bodies import CSV, JSON, LINES
from text_classification.contract.settings import Settings
from text_classification.errors import RequestError
from text_classification.inference.classifier import Classifier
from text_classification.serving.predictions import invocation
from text_classification.serving.predictions.format.negotiation import Negotiation
from text_classification.serving.predictions.invocation import Invocations
from text_classification.serving.predictions.limits.deadline import Deadline
from text_classification.serving.predictions.requests import records
from text_classification.serving.predictions.requests.request_timing import RequestTiming

CLASSIFIER = Classifier(random_artifact())
BODIES = {
    JSON: json.dumps({"instances": [f"good {number}" for number in range(50)]}),
    LINES: "".join(f'"good {number}"\n' for number in range(50)),
    CSV: "".join(f"good {number}\n" for number in range(50)),
}


def response(  # noqa: PLR0913 - all that decides about an answer
    body: str,
    media_type: str,
    scratch: Path,
    *,
    floor: float | None = None,
    accept: str = "",
    batch: bool = False,
    settings: Settings | None = None,
) -> bytes:
    """Return the answer to a body, whether it comes in memory or in a file."""
    content = body.encode()
    request_format = Negotiation(batch=batch).request_format(media_type, accept, "")
    settings = settings or Settings(scratch=scratch, confidence_floor=floor)
    found = Invocations(settings).respond(
        io.BytesIO(content),
        len(content),
        request_format,
        CLASSIFIER,
        RequestTiming(Deadline.after(60)),
    )
    if isinstance(found, bytes):
        return found
    with found:
        return found.read()


@pytest.mark.parametrize("accept", [JSON, LINES, CSV])
@pytest.mark.parametrize("media_type", BODIES)
def test_large_and_small_are_the_same(
    media_type: str, accept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is held in memory, and what goes through files, comes out alike, with none left."""
    small = response(BODIES[media_type], media_type, tmp_path, accept=accept)
    monkeypatch.setattr(invocation, "HELD_BYTES", 40)
    assert response(BODIES[media_type], media_type, tmp_path, accept=accept) == small
    assert len(small) > 1000
    assert not list(tmp_path.iterdir())


def test_model_and_times_end_an_answer_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind the last prediction, held in memory or in a file; nothing else changes."""
    asked = f"{JSON}; model=true; timing=true"
    plain = json.loads(response(BODIES[JSON], JSON, tmp_path))
    for held in (1 << 22, 40):
        monkeypatch.setattr(invocation, "HELD_BYTES", held)
        found = json.loads(response(BODIES[JSON], asked, tmp_path))
        assert found["predictions"] == plain["predictions"]
        assert found["model"]["limits"]["sequence_length"] == CLASSIFIER.longest
        assert found["timing"]["computing_ms"] > 0


@pytest.mark.parametrize("accept", [LINES, CSV])
def test_answers_without_a_place_for_the_model_are_refused(accept: str, tmp_path: Path) -> None:
    """Before anything is computed."""
    with pytest.raises(RequestError, match=f"in {accept} has no place for model"):
        response(BODIES[JSON], f"{JSON}; model=true", tmp_path, accept=accept)


def test_body_without_a_length_counts_as_large(tmp_path: Path) -> None:
    """Nobody knows how much there is to come."""
    request_format = Negotiation().request_format(JSON, "", "")
    found = Invocations(Settings(scratch=tmp_path)).respond(
        io.BytesIO(b'["x"]'), None, request_format, CLASSIFIER, RequestTiming(Deadline.after(60))
    )
    assert isinstance(found, bytes)
    assert len(json.loads(found)["predictions"]) == 1


@pytest.mark.parametrize("accept", [JSON, LINES, CSV])
def test_explanations_are_bounded_in_memory(
    accept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document that is too long for one is refused, by itself or beside others."""
    monkeypatch.setattr(records, "EXPLAINED_CHARACTERS", 8)
    asked = f"{LINES}; explain=true"
    found = response('"good"\n"good good"\n', asked, tmp_path, accept=accept).decode()
    assert found.count("a document of more than 8 characters is not explained") == 1
    assert "constant" in found
    with pytest.raises(RequestError, match="is not explained") as raised:
        response('"good good"\n', asked, tmp_path, accept=accept)
    assert raised.value.status == 413
    assert len(response('"good good"\n', LINES, tmp_path, accept=accept)) > 20


@pytest.mark.parametrize("media_type", [LINES, CSV, JSON])
def test_error_at_the_end_is_an_error_of_all(
    media_type: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No half answer is given, and no file stays open."""
    monkeypatch.setattr(invocation, "HELD_BYTES", 40)
    broken = "]}" if media_type == JSON else '"\n'
    body = BODIES[media_type].removesuffix("]}") + (", 7" if media_type == JSON else "") + broken
    with pytest.raises(RequestError, match=r"(record|line|row) 51"):
        response(body, f"{media_type}; strict=true", tmp_path)


def test_floor_of_the_settings_counts_before_the_model_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without either there is no mark, and a setting of 0 takes it away."""

    def sure(floor: float | None) -> Any:
        body = json.loads(response('"good"', JSON, tmp_path, floor=floor))
        return body["predictions"][0].get("sure")

    assert [sure(None), sure(0), sure(0.01), sure(1)] == [None, None, True, False]
    monkeypatch.setattr(CLASSIFIER, "confidence_floor", 0.01)
    assert [sure(None), sure(0), sure(1)] == [True, None, False]
    monkeypatch.setattr(CLASSIFIER, "confidence_floor", 1.0)
    assert [sure(None), sure(0.01)] == [False, True]


def test_half_a_surrogate_pair_comes_back_as_it_came(tmp_path: Path) -> None:
    """JSON can say what UTF-8 cannot."""
    body = r'{"text": "good \ud800", "id": "\udc00"}'
    found = response(body, f"{JSON}; fields=id", tmp_path)
    assert json.loads(found)["predictions"][0]["fields"] == {"id": "\udc00"}
    rows = response(body, f"{JSON}; fields=id", tmp_path, accept=CSV)
    assert rb"\udc00" in rows


@pytest.mark.parametrize("accept", [JSON, LINES, CSV])
@pytest.mark.parametrize("media_type", BODIES)
def test_answers_end_without_a_line_break_in_batch_transform(
    media_type: str, accept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``AssembleWith=Line`` adds it; of any size they are those of an endpoint otherwise."""
    endpoint = response(BODIES[media_type], media_type, tmp_path, accept=accept)
    for held in (1 << 22, 40):
        monkeypatch.setattr(invocation, "HELD_BYTES", held)
        batch = response(BODIES[media_type], media_type, tmp_path, accept=accept, batch=True)
        assert batch + b"\n" == endpoint


def test_name_that_the_text_had_in_training_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model says it."""
    with pytest.raises(RequestError, match="not a text"):
        response('{"letter": "good"}', JSON, tmp_path)
    artifact = random_artifact()
    for column, names in (("Letter", ("letter",)), ("1", ()), (7, ())):
        classifier = Classifier(replace(artifact, hyperparameters={"text_column": column}))
        assert classifier.text_names == names
    monkeypatch.setattr(CLASSIFIER, "text_names", ("letter",))
    expected = response('"good"', JSON, tmp_path)
    for settings in (Settings(scratch=tmp_path), Settings(scratch=tmp_path, max_tokens=1)):
        found = response('{"letter": "good"}', JSON, tmp_path, settings=settings)
        assert found == expected
    with pytest.raises(RequestError, match="more than 1 tokens"):
        response('{"letter": "good good"}', JSON, tmp_path, settings=settings)
