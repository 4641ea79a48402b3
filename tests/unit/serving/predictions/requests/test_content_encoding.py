"""serving/predictions/requests/content_encoding.py: bodies packed by gzip, in bounded memory."""

import collections
import gzip
import io
import tracemalloc

import pytest

from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.requests.content_encoding import packing_of, unpacked

BODY = b'{"text": "one"}' * 10_000


@pytest.mark.parametrize("encoding", ["gzip", " GZIP", "x-gzip"])
def test_gzip_is_unpacked(encoding: str) -> None:
    """All of its members, one after the other."""
    packed = gzip.compress(BODY, mtime=0) + gzip.compress(b"two")
    assert unpacked(io.BytesIO(packed), packing_of(encoding), 0).read() == BODY + b"two"


@pytest.mark.parametrize("header", ["identity", " Identity", ""])
def test_identity_is_no_packing(header: str) -> None:
    """Some clients say so; such a body counts by its length, as without the header."""
    assert not packing_of(header)


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "x" * 5000])
def test_other_encodings_are_refused_by_name(encoding: str) -> None:
    """Status 415, with what to send."""
    with pytest.raises(RequestError, match="Content-Encoding") as raised:
        unpacked(io.BytesIO(BODY), encoding, 0)
    assert (raised.value.status, raised.value.code) == (415, Code.CONTENT_ENCODING_UNSUPPORTED)
    assert "gzip" in raised.value.remedy
    assert len(raised.value.message) < 200


@pytest.mark.parametrize(
    "packed",
    [
        BODY,
        gzip.compress(BODY, mtime=0)[:-9],
        gzip.compress(BODY, mtime=0)[:-8] + bytes(8),
        b"\x1f\x8b\x08",
    ],
)
def test_what_is_no_gzip_is_told(packed: bytes) -> None:
    """Broken, cut short, of another checksum, or never packed."""
    with pytest.raises(RequestError, match="not gzip") as raised:
        unpacked(io.BytesIO(packed), "gzip", 0).read()
    assert (raised.value.status, raised.value.code) == (400, Code.BODY_INVALID)


def test_bomb_is_refused_in_little_memory() -> None:
    """It is given up at the limit, of which only a piece is ever held."""
    limit = 8 << 20
    assert len(unpacked(io.BytesIO(gzip.compress(bytes(limit))), "gzip", limit).read()) == limit
    bomb = gzip.compress(bytes(64 << 20))
    stream = unpacked(io.BytesIO(bomb), "gzip", limit)
    tracemalloc.start()
    with pytest.raises(RequestError, match="unpacked, is larger than 8 MB") as raised:
        collections.deque(iter(lambda: stream.read(1 << 16), b""), maxlen=0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (raised.value.status, raised.value.code) == (413, Code.BODY_TOO_LARGE)
    assert peak < 1 << 20
