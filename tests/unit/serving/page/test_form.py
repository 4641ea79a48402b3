"""serving/page/form.py, with Flask's test client and a model of random weights."""

import doctest
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.unit.helpers import random_artifact
from text_classification import artifact
from text_classification.contract.settings import Settings
from text_classification.predict import create_app
from text_classification.serving.page import form
from text_classification.serving.page.page_files import INDEX
from text_classification.serving.predictions.limits.admission import Admission, overloaded


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A client of the application, with a model."""
    artifact.save(random_artifact(), tmp_path / "model")
    return create_app(Settings(root=tmp_path)).test_client()


def test_examples() -> None:
    """Those in the docstrings hold."""
    found = doctest.testmod(form)
    assert found.attempted > 1
    assert not found.failed


def test_without_a_text_it_is_the_page(client: FlaskClient) -> None:
    """Whoever comes to its address by GET finds the form."""
    assert client.get("/form").text == INDEX.read_text().replace("</textarea>", "\n</textarea>")


def test_the_answer_stands_where_the_script_would_put_it(client: FlaskClient) -> None:
    """It is the server's own, and what stood there before is gone."""
    text = "good policy"
    answer = client.post("/invocations", json={"text": text}).json
    assert answer
    (prediction,) = answer["predictions"]
    page = client.post("/form", data={"text": text}).text
    _, _, result = page.partition('<div id="result">')
    shown = f"<strong>{prediction['label']}</strong>, {form.percent(prediction['score'])}"
    assert shown in result.partition("</div>")[0].replace("&lt;", "<").replace("&gt;", ">")
    assert 'id="empty"' not in page
    assert f"\n{text}</textarea>" in page


def test_who_is_refused_is_told_when_to_come_again(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the status and the header that every caller gets."""

    def refuse(*_: object) -> None:
        raise overloaded(7)

    monkeypatch.setattr(Admission, "turn", refuse)
    answer = client.post("/form", data={"text": "good"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    assert "OVERLOADED" in answer.text


def test_a_setting_leaves_it_out(tmp_path: Path) -> None:
    """Then there is no such route."""
    artifact.save(random_artifact(), tmp_path / "model")
    client = create_app(Settings(root=tmp_path, page=False)).test_client()
    assert client.post("/form", data={"text": "good"}).status_code == 404


def test_large_answers_are_files(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read to the end, too."""
    monkeypatch.setattr("text_classification.serving.predictions.invocation.HELD_BYTES", 10)
    page = client.post("/form", data={"text": "good policy"})
    assert page.status_code == 200
    assert 'class="sentence"' in page.text
