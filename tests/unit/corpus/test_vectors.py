"""corpus/vectors.py and corpus/vector_rows.py."""

import gzip
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from text_classification.contract.channels import Channel
from text_classification.corpus import vector_rows
from text_classification.corpus.vectors import VectorFile, find_vectors
from text_classification.errors import Code, ConfigurationError, DataError

ROWS = [("the", (0.5, -1.25, 3e-3)), ("bill", (0.0, 1.0, -7.5)), ("東京", (1.5, 2.5, -0.25))]


def glove(rows: Sequence[tuple[str, Sequence[float]]]) -> bytes:
    """Write rows as GloVe does."""
    lines = (" ".join([token, *map(str, numbers)]) for token, numbers in rows)
    return "".join(f"{line}\n" for line in lines).encode()


def word2vec_text(rows: Sequence[tuple[str, Sequence[float]]]) -> bytes:
    """Write rows as word2vec does: a header, a space before each line break."""
    return f"{len(rows)} {len(rows[0][1])}\n".encode() + glove(rows).replace(b"\n", b" \n")


def word2vec_binary(rows: Sequence[tuple[str, Sequence[float]]], end: bytes = b"\n") -> bytes:
    """Write rows as word2vec does with -binary 1; some writers leave the line breaks out."""
    header = f"{len(rows)} {len(rows[0][1])}\n".encode()
    packed = (struct.pack(f"<{len(numbers)}f", *numbers) for _, numbers in rows)
    return header + b"".join(
        token.encode() + b" " + numbers + end
        for (token, _), numbers in zip(rows, packed, strict=True)
    )


FORMATS = {
    "GloVe": glove(ROWS),
    "GloVe, last line break missing": glove(ROWS).rstrip(),
    "GloVe, Windows line breaks": glove(ROWS).replace(b"\n", b"\r\n"),
    "GloVe behind a byte order mark": b"\xef\xbb\xbf" + glove(ROWS),
    "text": word2vec_text(ROWS),
    "text behind a byte order mark": b"\xef\xbb\xbf" + word2vec_text(ROWS),
    "binary": word2vec_binary(ROWS),
    "binary without line breaks": word2vec_binary(ROWS, b""),
}


def found(folder: Path, content: bytes, name: str = "vectors") -> VectorFile:
    """Write the file of a channel and find it there."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return find_vectors(Channel("embeddings", folder))


def refused(folder: Path, content: bytes) -> str:
    """Assert that a file is refused, with its name and a remedy; return the message."""
    with pytest.raises(DataError) as raised:
        found(folder, content).read([b"the", b"bill", "東京".encode()])
    assert raised.value.code == Code.FILE_UNREADABLE
    assert raised.value.where == "embeddings/vectors"
    assert raised.value.remedy
    return raised.value.message


@pytest.mark.parametrize("case", FORMATS)
@pytest.mark.parametrize("packed", [False, True])
def test_every_format_is_known_and_read(tmp_path: Path, case: str, *, packed: bool) -> None:
    """By content, whatever the name; tokens that are not there are left out."""
    content = gzip.compress(FORMATS[case]) if packed else FORMATS[case]
    file = found(tmp_path / "channel", content)
    assert (file.size, file.is_binary) == (3, case.startswith("binary"))
    vectors = file.read([b"missing", "東京".encode(), b"the", b"too"])
    assert {token.decode() for token in vectors} == {"the", "東京"}
    for token, numbers in ROWS[::2]:
        vector = vectors[token.encode()]
        assert vector.dtype == np.float32
        np.testing.assert_array_equal(vector, np.array(numbers, np.float32))


def test_first_of_several_rows_counts(tmp_path: Path) -> None:
    """Files are sorted by frequency."""
    for number, write in enumerate((glove, word2vec_text, word2vec_binary)):
        file = found(tmp_path / str(number), write([*ROWS, ("the", (9.0, 9.0, 9.0))]))
        assert file.read([b"the"])[b"the"][0] == 0.5


def test_tokens_with_spaces_and_empty_lines_are_passed_over(tmp_path: Path) -> None:
    """Some of GloVe's have spaces; the first part of them is another token."""
    odd = glove([("first", (1, 2, 3)), ("the . end", (1, 1, 1)), ("", (2, 2, 2))]) + b"\n"
    file = found(tmp_path, odd + glove(ROWS))
    assert file.size == 3
    assert file.read([b"the", b"end", b"."])[b"the"].tolist() == pytest.approx([0.5, -1.25, 3e-3])


@pytest.mark.parametrize("size", [1, 2, 7, 64, 1000])
def test_rows_lie_across_the_chunks_that_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Numbers that look like spaces and line breaks are numbers all the same."""
    monkeypatch.setattr(vector_rows, "CHUNK_BYTES", 11)
    space, line = struct.unpack("<2f", b"    \n\n\n\n")
    generator = np.random.default_rng(size)
    rows = [
        (f"token{number}", generator.choice([space, line, 0.0, 1.5], size).tolist())
        for number in range(20)
    ]
    file = VectorFile(tmp_path / "vectors", "", size, 20, is_binary=True)
    for end in (b"", b"\n"):
        file.path.write_bytes(word2vec_binary(rows, end))
        vectors = file.read([token.encode() for token, _ in rows])
        for token, numbers in rows:
            np.testing.assert_array_equal(vectors[token.encode()], np.array(numbers, np.float32))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (glove(ROWS).replace(b"1.0 ", b""), "line 2 has 2 numbers, not 3"),
        (word2vec_text(ROWS).replace(b"1.0 ", b""), "line 3 has 2 numbers, not 3"),
        (glove(ROWS).replace(b"1.0 ", b"one "), "line 2 holds what is no number"),
        (glove(ROWS).replace(b"1.0 ", b"nan "), "line 2 holds a number that is not finite"),
        (glove(ROWS).replace(b"1.0 ", b"1e39 "), "line 2 holds a number that is not finite"),
        (glove(ROWS)[:-8], "line 3 has 2 numbers, not 3"),
        (
            word2vec_text(ROWS).replace(b"3 3\n", b"9 3\n"),
            "the file ends after line 4, 9 rows were to come",
        ),
        (b"5 3\n", "the file ends after line 1, 5 rows were to come"),
        (word2vec_binary(ROWS)[:-3], "the file ends in row 3 of 3"),
        (word2vec_binary(ROWS).replace(b"3 3\n", b"9 3\n"), "the file ends in row 4 of 9"),
        (word2vec_binary([("the", (1.0, np.inf))]), "row 1 holds a number that is not finite"),
        (b"2 3\n" + bytes(1 << 17), "row 1 has no token"),
        (gzip.compress(glove(ROWS), mtime=0)[:-9], "end-of-stream"),
        (gzip.compress(glove(ROWS * 9999), mtime=0)[:-9], "end-of-stream"),
        (b"\x1f\x8b" + bytes(20), "Unknown compression method"),
        (b"PK\x03\x04 a zip archive", "neither in word2vec's nor in GloVe's format"),
        (b"label,text\na,one two\n", "neither in"),
        (b"the\t0.5\t1\n", "neither in"),
        (b"0 300\n", "there is no vector for any of the 3 tokens"),
        (b"\x80\x04 1 2\n", "neither in"),
        (glove([("other", (1, 2))]), "there is no vector for any of the 3 tokens"),
    ],
)
def test_bad_files_are_told_by_line(tmp_path: Path, content: bytes, reason: str) -> None:
    """What is wrong and where; nothing of the file is repeated."""
    message = refused(tmp_path, content)
    assert reason in message
    assert "one" not in message


def test_rows_of_other_tokens_are_counted_and_not_parsed(tmp_path: Path) -> None:
    """Files have millions of rows, most of them for tokens that no document has."""
    file = found(tmp_path, glove([*ROWS, ("other", ("x", "y", "z"))]))  # type: ignore[list-item]
    assert len(file.read([b"the"])) == 1


@pytest.mark.parametrize(
    ("names", "code", "message"),
    [
        ([], Code.CHANNEL_EMPTY, "is to hold one file of word vectors and holds none"),
        (["_SUCCESS"], Code.CHANNEL_EMPTY, "and holds none"),
        (["a.txt", "b/c.txt"], Code.CHANNEL_UNSUPPORTED, "and holds 2: a.txt, b/c.txt"),
    ],
)
def test_channel_holds_one_file(tmp_path: Path, names: list[str], code: Code, message: str) -> None:
    """Neither none nor several; the error names them."""
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(glove(ROWS))
    with pytest.raises(ConfigurationError, match=message) as raised:
        find_vectors(Channel("embeddings", tmp_path))
    assert raised.value.code == code


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80), st.sampled_from([b"", b"2 1\n", b"1 2\n", b"\x1f\x8b\x08\0"]))
def test_any_bytes_are_vectors_or_refused(tmp_path: Path, content: bytes, start: bytes) -> None:
    """No other error comes out, whatever the file holds."""
    (tmp_path / "vectors").write_bytes(start + content or b" ")
    try:
        vectors = find_vectors(Channel("embeddings", tmp_path)).read([b"a", b"b"])
    except DataError as error:
        assert error.where == "embeddings/vectors"  # noqa: PT017 - either may be
    else:
        assert all(np.isfinite(vector).all() for vector in vectors.values())
