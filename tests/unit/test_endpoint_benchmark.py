"""The parts of the endpoint benchmark that start, ask and compare servers."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from benchmarks.applications.bodies import texts
from benchmarks.applications.constant import app as constant
from benchmarks.applications.flask_routes import application
from benchmarks.inference_data import ROOT
from benchmarks.process_tree import family
from benchmarks.servers import environments
from benchmarks.servers.catalogue import CONSTANT, KERAS, OURS, SERVERS, Server
from benchmarks.servers.environments import Unavailable, python_of
from benchmarks.servers.load import Load, documents_a_second, load, parsed
from benchmarks.servers.measurement import Measurement, typical
from benchmarks.servers.ratios import ratios
from benchmarks.servers.request_format import FASTAPI_LINES, JSON, JSON_LINES, TENSOR, RequestFormat
from benchmarks.servers.running import Running
from benchmarks.servers.sample_requests import SINGLE, WORDS, SampleRequests, documents_of
from benchmarks.servers.stack import gunicorn_command
from tests.support.waiting import wait_until

# Answers any request with its length; SIGTERM ends it.
ECHO = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(404 if self.path == "/none" else 200)
        answer = str(len(body)).encode()
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
    do_GET = do_POST = answer
    def log_message(self, *arguments): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
ECHOING = Server(("{python}", "-c", ECHO, "{port}"))


@pytest.fixture
def echo(tmp_path: Path) -> Iterator[Running]:
    """Return a server that answers with the length of each body."""
    with Running(ECHOING, tmp_path, workers=1) as running:
        yield running


def test_documents_have_175_words_each_and_repeat_where_the_texts_end() -> None:
    """The words are those of the texts, in their order."""
    documents = documents_of(["a b", "c"], 2)
    assert [len(document.split()) for document in documents] == [WORDS, WORDS]
    assert documents[0].startswith("a b c a b c a")
    assert documents[1].split()[0] == "abc"[WORDS % 3]


def test_wrk_is_given_a_body_a_line(tmp_path: Path) -> None:
    """Each is what the server would be sent, for one document."""
    requests = SampleRequests(["some words of a text"], tmp_path)
    lines = requests.single(JSON).read_bytes().splitlines()
    assert len(lines) == SINGLE
    assert json.loads(lines[1]) == {"instances": [requests.documents[1]]}


@pytest.mark.parametrize("form", [JSON, JSON_LINES, FASTAPI_LINES])
def test_peers_read_what_they_are_sent(form: RequestFormat) -> None:
    """A text keeps its letters, quotes and line breaks, in both forms."""
    given = ["Straße", 'a "quoted"\nword\u2028']
    assert texts(form.body(given), form.media_type) == given


def test_the_open_inference_protocol_has_a_tensor_of_texts() -> None:
    body = json.loads(TENSOR.body(["a", "b"]))
    assert body["inputs"][0]["shape"] == [2, 1]
    assert body["inputs"][0]["data"] == ["a", "b"]
    response = json.dumps({"outputs": [{"data": ["x", "y"]}, {"data": [0.5, 0.6]}]}).encode()
    assert TENSOR.labels(response) == ["x", "y"]


def test_an_application_of_any_model_answers_in_both_forms() -> None:
    """What the benchmark reads of it are the labels."""
    client = application(lambda found: [{"label": text[0]} for text in found]).test_client()
    assert client.get("/ping").status_code == 200
    for form in (JSON, JSON_LINES):
        response = client.post(
            form.path, data=form.body(["one", "two"]), content_type=form.media_type
        )
        assert form.labels(response.data) == ["o", "t"]


def test_the_constant_is_shaped_like_an_answer_of_ours() -> None:
    """One prediction, whatever was asked."""
    client = constant.test_client()
    assert client.get("/ping").status_code == 200
    response = client.post("/invocations", data=b"anything")
    assert JSON.labels(response.data) == ["first"]


@pytest.mark.parametrize(
    ("arguments", "kept", "loaded_once"),
    [
        (["theirs:app"], ["theirs:app"], True),
        (["--each-loads", "--threads=1", "theirs:app"], ["--threads=1", "theirs:app"], False),
    ],
)
def test_another_application_takes_our_place_on_our_stack(
    tmp_path: Path, arguments: list[str], kept: list[str], *, loaded_once: bool
) -> None:
    """All of gunicorn's options stay; workers may load the application each."""
    command = gunicorn_command({"workers": 2}, tmp_path, arguments)
    named = command[-len(kept) - 1]
    assert command[-len(kept) :] == kept
    written = Path(named.removeprefix("--config=")).read_text(encoding="utf-8")
    assert written == f"workers = 2\npreload_app = {loaded_once}\n"


def test_requests_with_another_answer_do_not_count_as_answered() -> None:
    told = {"requests": 100, "microseconds": 2_000_000, "median": 1500, "p99": 9000}
    line = json.dumps({**told, "refused": 20, "lost": 3}).encode()
    assert parsed(line) == Load(40.0, 1.5, 9.0, 23)


def _measurement(
    speeds: Mapping[int, float], batch: float | None, start: float = 1.0
) -> Measurement:
    loads = {connections: Load(speed, 1.0, 2.0, 1) for connections, speed in speeds.items()}
    return Measurement(start, loads, batch, 100.0)


def test_a_ratio_is_taken_where_ours_is_worst() -> None:
    """Of several numbers of connections, and beside the best of the peers at each."""
    found = {
        OURS: _measurement({1: 90, 16: 160}, 5000, 0.5),
        CONSTANT: _measurement({1: 100, 16: 200}, None),
        KERAS: _measurement({1: 9, 16: 10}, 500, 6.0),
        "onnx_flask": _measurement({1: 30, 16: 80}, 1000),
    }
    assert ratios(found) == pytest.approx(
        {
            "of_constant": 0.8,
            "best_peer": 2.0,
            "keras_flask": 10.0,
            "start_keras_flask": 12.0,
            "batch_best_peer": 5.0,
        }
    )
    del found[KERAS]
    assert "keras_flask" not in ratios(found)


def test_the_typical_turn_has_medians_and_all_failures() -> None:
    measurements = [_measurement({1: speed}, speed * 10) for speed in (10, 30, 20)]
    found = typical(measurements)
    assert found.loads[1] == Load(20, 1.0, 2.0, 3)
    assert found.batch == 200
    assert typical([_measurement({1: 1}, None)]).batch is None
    assert json.loads(json.dumps(found.as_dict()))["loads"]["1"]["failed"] == 3


def test_a_server_is_asked_weighed_and_ended(echo: Running) -> None:
    """It runs from its first 200 to the end of the block."""
    assert 0 < echo.seconds < 30
    assert echo.send(JSON, b"four") == b"4"
    assert 1 < echo.megabytes() < 200
    with pytest.raises(Unavailable, match="404 was answered"):
        echo.send(RequestFormat("/none", "text/plain", JSON.body, JSON.labels), b"")
    [process] = family(echo._process.pid)
    echo.__exit__(None, None, None)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_server_that_ends_says_why(tmp_path: Path) -> None:
    """The last line that it wrote is the reason."""
    command = ("{python}", "-c", "import sys; sys.exit('no such model')")
    with pytest.raises(Unavailable, match="it ended: no such model"):
        Running(Server(command), tmp_path, workers=1)


def test_a_server_is_told_where_it_is(tmp_path: Path) -> None:
    """By its command line and its variables, those of its own among them."""
    told = "import os, sys; sys.exit(' '.join([*sys.argv[1:], os.environ['OWN']]))"
    server = Server(
        ("{python}", "-c", told, "{workers}", "{folder}"), variables={"OWN": "at {workers}"}
    )
    with pytest.raises(Unavailable, match=f"3 {tmp_path} at 3"):
        Running(server, tmp_path, workers=3)


def test_a_family_has_grandchildren() -> None:
    """Memory is counted for all that a server has started."""
    child = "import subprocess, sys; subprocess.run(['sleep', '60'])"
    with subprocess.Popen([sys.executable, "-c", child]) as process:
        try:
            wait_until(lambda: len(list(family(process.pid))) == 2)
        finally:
            for member in reversed(list(family(process.pid))):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(member, 9)


@pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is not installed")
def test_wrk_asks_every_body(echo: Running, tmp_path: Path) -> None:
    """And tells of answers that are no success."""
    bodies = tmp_path / "bodies.txt"
    bodies.write_bytes(b"one\nthree\n")
    found = load(echo, JSON, bodies, connections=2, seconds=1)
    assert found.requests_a_second > 10
    assert 0 < found.median <= found.p99
    assert not found.failed
    none = RequestFormat("/none", "text/plain", JSON.body, JSON.labels)
    refused = load(echo, none, bodies, connections=2, seconds=1)
    assert refused.requests_a_second == 0
    assert refused.failed > 10


def test_large_bodies_are_asked_from_one_processor(echo: Running) -> None:
    """Only the threads that ask are held to it."""
    allowed = os.sched_getaffinity(0)
    assert documents_a_second(echo, JSON, b"body", documents=10, connections=2) > 10
    assert os.sched_getaffinity(0) == allowed


@pytest.mark.exhaustive
def test_what_cannot_be_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With pip's own words; what is there already is left as it is."""
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    monkeypatch.setattr(environments, "ENVIRONMENTS", tmp_path / "environments")
    assert python_of("") == Path(sys.executable)
    (tmp_path / "requirements").mkdir()
    requirements = tmp_path / "requirements/bench-peer.txt"
    requirements.write_text("./missing\n", encoding="utf-8")
    with pytest.raises(Unavailable, match="missing"):
        python_of("peer")
    requirements.write_text("# nothing\n", encoding="utf-8")
    python = python_of("peer")
    assert subprocess.run([python, "-c", ""], check=False).returncode == 0
    made = python.lstat().st_mtime_ns
    assert python_of("peer") == python
    assert python.lstat().st_mtime_ns == made


def test_every_server_of_another_environment_has_its_requirements() -> None:
    """A file of pinned packages each."""
    for server in SERVERS.values():
        if server.environment:
            path = ROOT / f"requirements/bench-{server.environment}.txt"
            lines = path.read_text(encoding="utf-8").splitlines()
            assert any("==" in line for line in lines)
            assert all("==" in line or line.startswith("#") for line in lines)
