"""The user's own files, and what stands in for them."""

import csv
import json
from pathlib import Path

import pytest

from check_image.sample import SampleError, read_sample


def test_built_in(tmp_path: Path) -> None:
    """Letters as the channel training, and requests in four formats."""
    sample = read_sample(None, None, None, None)
    assert sample.hyperparameters == {}
    assert sample.channels == ["training"]
    assert [request.media_type for request in sample.requests] == [
        "application/json",
        "application/jsonlines",
        "text/csv",
        "text/plain",
    ]
    assert all(request.body and request.is_text for request in sample.requests)
    sample.write_data(tmp_path / "data", empty=False)
    with (tmp_path / "data/training/letters.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == 301


def test_own_files(tmp_path: Path) -> None:
    """Hyperparameters become strings, as the service hands them over."""
    (tmp_path / "data/train").mkdir(parents=True)
    (tmp_path / "data/train/part.npz").write_bytes(b"\0")
    hyperparameters = tmp_path / "hyperparameters.json"
    hyperparameters.write_text(json.dumps({"epochs": 3, "rate": 0.5, "name": "x", "own": [1]}))
    request = tmp_path / "request"
    request.write_bytes(b"\1")
    sample = read_sample(hyperparameters, tmp_path / "data", request, "application/x-npy; a=b")
    assert sample.hyperparameters == {"epochs": "3", "rate": "0.5", "name": "x", "own": "[1]"}
    assert sample.channels == ["train"]
    assert [each.body for each in sample.requests] == [b"\1"]
    assert sample.requests[0].media_type == "application/x-npy"
    assert not sample.requests[0].is_text
    sample.write_data(tmp_path / "copy", empty=False)
    assert (tmp_path / "copy/train/part.npz").read_bytes() == b"\0"
    sample.write_data(tmp_path / "empty", empty=True)
    assert [path.name for path in (tmp_path / "empty").rglob("*")] == ["train"]


@pytest.mark.parametrize(
    ("content", "problem"), [("{", "is not JSON"), ("[]", "must hold one JSON object")]
)
def test_broken_hyperparameters(tmp_path: Path, content: str, problem: str) -> None:
    """The file is named, and what is wrong with it."""
    file = tmp_path / "hyperparameters.json"
    file.write_text(content)
    with pytest.raises(SampleError, match=f"{file} {problem}"):
        read_sample(file, None, None, "")


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("rows.csv", "text/csv"),
        ("ROWS.CSV", "text/csv"),
        ("records.jsonl", "application/jsonlines"),
        ("text.txt", "text/plain"),
        ("body.json", "application/json"),
    ],
)
def test_content_type_follows_from_the_name(tmp_path: Path, name: str, content_type: str) -> None:
    """As predict.sh takes it; one that is given wins."""
    request = tmp_path / name
    request.write_bytes(b"1")
    (inferred,) = read_sample(None, None, request, None).requests
    assert inferred.content_type == content_type
    (given,) = read_sample(None, None, request, "x/y").requests
    assert given.content_type == "x/y"


def test_unknown_content_type_is_asked_for(tmp_path: Path) -> None:
    """A name that tells nothing is not taken for JSON."""
    request = tmp_path / "request.bin"
    request.write_bytes(b"1")
    with pytest.raises(SampleError, match="name it with --content-type"):
        read_sample(None, None, request, None)


def test_missing_files(tmp_path: Path) -> None:
    """A file that is not there, and a folder without channels."""
    with pytest.raises(SampleError, match="request cannot be read: No such file"):
        read_sample(None, None, tmp_path / "request", "text/csv")
    (tmp_path / "documents.csv").write_text("a,b\n")
    with pytest.raises(SampleError, match="one folder for each channel"):
        read_sample(None, tmp_path, None, "")
