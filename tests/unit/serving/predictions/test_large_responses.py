"""serving/predictions/large_responses.py: answers in files."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from text_classification.serving.predictions.large_responses import (
    FORGOTTEN_SECONDS,
    remove_old_responses,
    write_response,
)


def test_answers_are_files_of_names_that_nobody_can_guess(tmp_path: Path) -> None:
    """Written once, into the folder that nginx sends from."""
    responses, scratch = tmp_path / "answers", tmp_path / "scratch"
    responses.mkdir()
    scratch.mkdir()
    names = set()
    for _ in range(2):
        with write_response([b"a", b"b"], responses, scratch) as file:
            assert file.read() == b"ab"
            names.add(file.name)
    assert {str(path) for path in responses.iterdir()} == names
    assert len(names) == 2
    assert not list(scratch.iterdir())


def test_answers_without_nginx_have_no_name(tmp_path: Path) -> None:
    """So they are gone once they are closed."""
    with write_response([b"a", b"b"], None, tmp_path) as file:
        assert file.read() == b"ab"
        assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("named", [True, False])
def test_half_an_answer_leaves_nothing(tmp_path: Path, *, named: bool) -> None:
    """An error in the middle of a body is an error of the whole request."""

    def pieces() -> Iterator[bytes]:
        yield b"a"
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - its own
        write_response(pieces(), tmp_path if named else None, tmp_path)
    assert not list(tmp_path.iterdir())


def test_only_old_answers_are_forgotten(tmp_path: Path) -> None:
    """Those that nginx may not have opened yet stay."""
    for _ in range(2):
        write_response([b"x"], tmp_path, tmp_path).close()
    old, young = tmp_path.iterdir()
    before = time.time() - FORGOTTEN_SECONDS - 1
    os.utime(old, (before, before))
    remove_old_responses(tmp_path)
    assert list(tmp_path.iterdir()) == [young]
