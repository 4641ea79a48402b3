"""The function's zip, the page's files and key, the throttle: each on its own."""

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.visitor import write_page
from textcnn.emulator.content_delivery.header_policies import HeaderPolicy
from textcnn.emulator.http_api.payload import response_of
from textcnn.emulator.http_api.throttle import Throttle
from textcnn.errors import CommandError
from textcnn.page import key
from textcnn.page.files import read_files
from textcnn.page.function import FOLDER, code_key, function_zip


def test_the_same_code_is_the_same_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the times and rights of the files; other code has another key."""
    zipped = function_zip()
    copied = tmp_path / FOLDER.name
    copied.mkdir()
    for path in FOLDER.glob("*.py"):
        (copied / path.name).write_bytes(path.read_bytes())
        (copied / path.name).chmod(0o600)
    monkeypatch.setattr("textcnn.page.function.FOLDER", copied)
    assert function_zip() == zipped
    (copied / "handler.py").write_text("other")
    assert code_key("letters", function_zip()) != code_key("letters", zipped)


def test_the_zip_is_all_that_the_function_needs(tmp_path: Path) -> None:
    """It is imported by its handler's name, from the zip and boto3 alone."""
    with zipfile.ZipFile(io.BytesIO(function_zip())) as archive:
        archive.extractall(tmp_path)
    code = "from frontend import handler; print(handler.__file__, callable(handler.handle))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [str(tmp_path / "frontend" / "handler.py"), "True"]


def test_keys_are_long_and_never_the_same() -> None:
    """192 bits, in letters that a link may have; the digest is SHA-256's."""
    keys = {key.new_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", each) for each in keys)
    assert key.digest("abc").startswith("ba7816bf")


def test_the_files_are_the_containers_but_for_one(tmp_path: Path) -> None:
    """Their configuration is replaced, what is no file for browsers stays, the index is last."""
    found = read_files(write_page(tmp_path), key=True)
    assert [each.path for each in found] == ["config.json", "parts/main.js", "index.html"]
    assert found[0].content == b'{"invocations": "/invocations", "key": true}'
    with pytest.raises(CommandError, match="no page"):
        read_files(tmp_path / "nothing", key=True)


def test_the_throttle_counts_as_the_service_does() -> None:
    """So many at once, then so many a second; what is not used is kept up to the burst."""
    now = [0.0]
    throttle = Throttle(2, 3, lambda: now[0])
    assert [throttle.lets_through() for _ in range(4)] == [True, True, True, False]
    now[0] = 0.5
    assert [throttle.lets_through() for _ in range(2)] == [True, False]
    now[0] = 100.0
    assert sum(throttle.lets_through() for _ in range(10)) == 3


def test_a_result_without_a_status_is_a_body() -> None:
    """The service takes it so; bytes come in base64."""
    plain = response_of({"a": 1})
    assert (plain.status_code, plain.get_data()) == (200, b'{"a": 1}')
    encoded = response_of({"statusCode": "201", "body": "/w==", "isBase64Encoded": True})
    assert (encoded.status_code, encoded.get_data()) == (201, b"\xff")


def test_a_header_policy_sets_what_it_says() -> None:
    """Each member its header, in the service's words."""
    configuration = {
        "SecurityHeadersConfig": {
            "StrictTransportSecurity": {
                "AccessControlMaxAgeSec": 60,
                "IncludeSubdomains": True,
                "Preload": True,
                "Override": True,
            },
            "FrameOptions": {"FrameOption": "DENY", "Override": True},
        },
        "CustomHeadersConfig": {"Items": [{"Header": "x-a", "Value": "b", "Override": True}]},
    }
    assert dict(HeaderPolicy(configuration, None).headers()) == {
        "X-Frame-Options": "DENY",
        "Strict-Transport-Security": "max-age=60; includeSubDomains; preload",
        "x-a": "b",
    }
