"""``textcnn ask``: texts, files and standard input, and the container's own words."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from tests.cloud.commands.conftest import Command
from tests.cloud.commands.serving.conftest import WORKERS
from textcnn import words
from textcnn.errors import Exit
from textcnn.invocation import container_error
from textcnn.results import Answers

TEXT = "the policy is good"


def test_a_text_is_answered_with_the_best_labels(ask: Command):
    """As many labels as are asked for, best first, and the model's block where it is asked for."""
    told = ask(TEXT, "--top", "2", "--model", "--output", "json")
    answers = told.read(Answers)
    (prediction,) = answers.predictions
    scores = [each["score"] for each in prediction["top"]]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)
    assert answers.model
    assert answers.model["labels"] > 2
    assert answers.timing
    assert answers.timing["computing_ms"] > 0


def test_a_person_reads_labels_and_words(ask: Command):
    """The words that counted stand in the text, for who sees no colours."""
    told = ask(TEXT, "--why", "--model")
    assert told.code == 0, told.err
    assert "Why " in told.out
    assert "for it:" in told.out
    assert "against it:" in told.out
    assert "policy" in told.out
    assert "milliseconds" in told.out


def test_a_text_may_be_longer_than_a_path(ask: Command):
    """In bytes, too: it is looked for as a file, and is none."""
    assert ask("ф" * 200).code == 0


def test_standard_input_is_read(ask: Command, monkeypatch: pytest.MonkeyPatch):
    """A text from a pipe is one document, however many lines it has."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"the policy\nis good\n")))
    told = ask("--output", "json")
    assert len(told.read(Answers).predictions) == 1


@pytest.mark.parametrize(
    ("name", "content", "count"),
    [
        ("letter.txt", "the policy\nis good", 1),
        ("letters.jsonl", '{"text": "one"}\n"two"\n{"no": 3}\n', 3),
        ("letters.csv", "id,text\n1,one\n2,two\n", 2),
        ("letters.tsv", "id\ttext\n1\tone\n2\ttwo\n", 2),
        ("letters.json", '{"instances": ["one", "two"]}', 2),
    ],
)
def test_files_go_as_what_they_are(
    ask: Command, tmp_path: Path, name: str, content: str, count: int
):
    """Documents of the image's formats are answered one by one, a bad one with its error."""
    (tmp_path / name).write_text(content)
    answers = ask("-f", name, "--output", "json").read(Answers)
    assert len(answers.predictions) == count
    assert sum("error" in each for each in answers.predictions) == content.count('"no"')
    assert ask("-f", name).code == 0


def test_the_container_tells_what_it_refuses(ask: Command, tmp_path: Path):
    """Message and remedy are the container's own, and the fault is the caller's."""
    (tmp_path / "broken.json").write_text('{"text": ')
    told = ask("-f", "broken.json")
    assert told.code == Exit.USAGE
    assert "the model answered 400" in told.err
    assert "JSON" in told.err
    assert "{" not in told.err, "the error's body is shown as it came"


def test_an_asynchronous_endpoint_is_asked_through_s3(model: str, textcnn: Command, tmp_path: Path):
    """Answer and refusal are waited for, and read as if they had come at once."""
    made = textcnn("deploy", model, "--name", "ask-async", "--async", *WORKERS, "--yes")
    assert made.code == 0, made.err
    answers = textcnn("ask", TEXT, "-e", "ask-async", "--output", "json").read(Answers)
    assert len(answers.predictions) == 1
    (tmp_path / "broken.json").write_text('{"text": ')
    told = textcnn("ask", "-f", "broken.json", "-e", "ask-async")
    assert told.code == Exit.FAILED
    assert "the model refused it: it is not JSON" in told.err


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            json.dumps({"error": {"code": "A", "message": "it is", "where": "row 2"}}),
            "the model answered 500: it is [row 2]",
        ),
        ("", "the model answered 500: it said nothing"),
        ("upstream failed", "the model answered 500: upstream failed"),
        ('{"error": "other"}', 'the model answered 500: {"error": "other"}'),
    ],
)
def test_other_refusals_are_told_as_they_are(message: str, told: str):
    """What is not the image's error body is told in its own words."""
    error = container_error(message, 500)
    assert (error.message, error.code) == (told, Exit.FAILED)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("ask", "text", "-e", "nowhere"), Exit.MISSING, "no endpoint nowhere"),
        (("ask", "  ", "-e", "served"), Exit.USAGE, "is empty"),
        (("ask", "-f", "none.txt", "-e", "served"), Exit.MISSING, "none.txt cannot be read"),
        (("ask", "-f", "latin.txt", "-e", "served"), Exit.USAGE, "is not UTF-8: byte 2"),
        (("ask", "text", "-f", "latin.txt"), Exit.USAGE, "a text and --file"),
        (("ask", "latin.txt"), Exit.USAGE, "Give it as one: --file latin.txt"),
    ],
)
def test_what_cannot_be_asked_is_told(
    textcnn: Command, tmp_path: Path, arguments: tuple[str, ...], code: Exit, says: str
):
    """Each with its exit code, and before anything is sent."""
    (tmp_path / "latin.txt").write_bytes("fällig".encode("latin-1"))
    told = textcnn(*arguments)
    assert told.code == code
    assert says in told.err


def test_words_are_marked_without_colours(monkeypatch: pytest.MonkeyPatch):
    """Underlined for the label, struck against it, bold where strong; NO_COLOR keeps those."""
    monkeypatch.setenv("NO_COLOR", "1")
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=80)
    console.print(words.marked([("storm", 2.0), ("the", 0.01), ("bill", -0.6)]))
    assert screen.getvalue() == "\x1b[1;4mstorm\x1b[0m the \x1b[9mbill\x1b[0m\n"


def test_strongest_words_are_listed_once():
    """A word that comes twice has the sum of both; what hardly counts is left out."""
    weighted = [("storm", 1.0), ("storm", 0.5), ("roof", 0.9), ("a", 0.01), ("bill", -1.0)]
    assert words.listed(words.strongest(weighted, 1)) == "storm +1.50, roof +0.90"
    assert words.listed(words.strongest(weighted, -1)) == "bill -1.00"
    assert words.listed([]) == "nothing"
