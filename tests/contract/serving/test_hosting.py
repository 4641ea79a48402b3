"""The serve command as SageMaker calls it: /ping and /invocations over real sockets."""

import json
import re
import socket
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.server import Server
from tests.support.waiting import wait_until
from text_classification import artifact

JSON_LINES = "application/jsonlines"

BODIES = {
    "string": ('"good"', "application/json", 1),
    "list": ('["good", "bad"]', "application/json; charset=UTF-8", 2),
    "record": ('{"text": "good"}', "application/json", 1),
    "instances": ('{"instances": ["good", {"text": "bad"}]}', "application/json", 2),
    "inputs": ('{"inputs": "good", "parameters": {"top_k": 3}}', "application/json", 1),
    "BOM": (b"\xef\xbb\xbf" + b'["good"]', "application/json", 1),
    "json lines": ('{"text": "good"}\n"bad"\n\n', JSON_LINES, 2),
    "csv": ('good policy\n"bad, awful\npolicy"\n', "text/csv", 2),
    "csv with header": ('id,text\n1,"good, fine"\n2,bad\n', "text/csv; charset=utf-8", 2),
    "csv header denied": ("text\ngood\n", "text/csv; header=Absent", 2),
    "csv header declared": ("what\ngood\n", "text/csv; header=present", 1),
    "csv below a usual name": ("content\ndata\nbody\n", "text/csv", 2),
    "plain": ("good\nbad", "text/plain", 1),
    "plain, a line each": ("good\nbad\n", "text/plain; lines=true", 2),
    "csv column by number": ('1,good\n2,"bad, awful"\n', "text/csv; text_column=1", 2),
    "a bad record between": ('"good"\n\n7\n"bad"', JSON_LINES, 3),
}


@pytest.mark.parametrize("name", BODIES)
def test_reads_every_form(shared_server: Server, name: str) -> None:
    """Each document of a body gets one prediction: label, score, the best three."""
    body, content_type, documents = BODIES[name]
    answer = shared_server.invocations(body, content_type)
    assert answer.status == 200, answer.body
    predictions = answer.json["predictions"]
    assert len(predictions) == documents
    for prediction in predictions:
        if "error" in prediction:
            assert prediction["error"]["where"] == "line 3"
            continue
        scores = [each["score"] for each in prediction["top"]]
        assert len(scores) == 3
        assert scores == sorted(scores, reverse=True)
        assert sum(scores) == pytest.approx(1, abs=1e-5)
        assert (prediction["label"], prediction["score"]) == tuple(prediction["top"][0].values())


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("application/jsonlines", JSON_LINES),
        ("text/csv;q=0.5, application/jsonlines;q=0.9, image/png", JSON_LINES),
        ("text/*", "text/csv"),
    ],
)
def test_answers_in_the_accepted_form(
    shared_server: Server, accept: str, content_type: str
) -> None:
    """One record a document comes back in JSON, JSON Lines or CSV, as Accept asks."""
    headers = {"Accept": accept} if accept else {}
    answer = shared_server.invocations(["good", "bad"], **headers)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == f"{content_type}; charset=utf-8"
    text = answer.body.decode()
    records = (
        json.loads(text)["predictions"] if "json;" in f"{content_type};" else text.splitlines()
    )
    assert len(records) == 2


FAULTS: dict[str, tuple[str, str, bytes, dict[str, str], int, str]] = {
    "no such path": ("GET", "/model", b"", {}, 404, "NOT_FOUND"),
    "models of a server of one": ("GET", "/models", b"", {}, 404, "NOT_FOUND"),
    "loading on a server of one": (
        "POST",
        "/models",
        b'{"model_name": "a", "url": "/opt/ml/models/a/model"}',
        {"Content-Type": "application/json"},
        404,
        "NOT_FOUND",
    ),
    "asking a model of a server of one": (
        "POST",
        "/models/a/invoke",
        b'"good"',
        {"Content-Type": "application/json"},
        404,
        "NOT_FOUND",
    ),
    "wrong method": ("GET", "/invocations", b"", {}, 405, "METHOD_NOT_ALLOWED"),
    "wrong method for ping": ("POST", "/ping", b"", {}, 405, "METHOD_NOT_ALLOWED"),
    "options": ("OPTIONS", "/invocations", b"", {}, 405, "METHOD_NOT_ALLOWED"),
    "trace": ("TRACE", "/ping", b"", {}, 405, "METHOD_NOT_ALLOWED"),
    "long address": ("GET", f"/{'x' * 10_000}", b"", {}, 414, "BODY_INVALID"),
    "large headers": ("GET", "/ping", b"", {"X": "x" * 40_000}, 431, "BODY_INVALID"),
    "transfer encoding": (
        "POST",
        "/invocations",
        b"x",
        {"Transfer-Encoding": "gzip"},
        501,
        "BODY_INVALID",
    ),
    "no content type": ("POST", "/invocations", b"x", {}, 415, "CONTENT_TYPE_UNSUPPORTED"),
    "images": (
        "POST",
        "/invocations",
        b"x",
        {"Content-Type": "image/png"},
        415,
        "CONTENT_TYPE_UNSUPPORTED",
    ),
    "not acceptable": (
        "POST",
        "/invocations",
        b'"x"',
        {"Content-Type": "application/json", "Accept": "image/png"},
        406,
        "NOT_ACCEPTABLE",
    ),
}
INVALID = {
    "empty": (b"", "application/json", ""),
    "not JSON": (b'{"text": ', "application/json", "not JSON"),
    "a number": (b"7", "application/json", "record 1"),
    "second record": (b'["x", null]', "application/json; strict=true", "record 2"),
    "no documents": (b"[]", "application/json", "no documents"),
    "third line": (b'"x"\n"y"\n{]\n', f"{JSON_LINES}; strict=true", "line 3"),
    "invalid UTF-8": (b"good \xff", "text/plain", "byte 5"),
    "latin-1": (b"good", "text/plain; charset=latin-1", "latin-1"),
    "unquoted comma": (b"good, bad\n", "text/csv", "row 1"),
    "unclosed quote": (b'text\n"good\nbad\n', "text/csv", "not CSV"),
    "unknown header": (b"good\n", "text/csv; header=perhaps", "it is not present or absent"),
    "unknown option": (b"good\n", "text/csv; topk=1", "Did you mean top_k?"),
    "deep nesting": (b"[" * 100_000, "application/json", "nested too deeply"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_refuses_with_the_right_status(shared_server: Server, name: str) -> None:
    """A caller's mistake gets its status, a stable code and one JSON body."""
    method, path, body, headers, status, code = FAULTS[name]
    answer = shared_server.request(method, path, body or None, headers)
    assert (answer.status, answer.error["code"]) == (status, code)


@pytest.mark.parametrize("name", INVALID)
def test_invalid_bodies_are_400(shared_server: Server, name: str) -> None:
    """A body that cannot be read is 400 and says where, without repeating the text."""
    body, content_type, hint = INVALID[name]
    answer = shared_server.invocations(body, content_type)
    assert answer.status == 400
    assert hint in answer.body.decode()
    assert "good" not in answer.body.decode()


def test_blazingtexts_clients_are_understood(shared_server: Server) -> None:
    """Their requests are answered in their shape, ``configuration.k`` labels each."""
    body = {"instances": ["good policy", "bad"], "configuration": {"k": 2}}
    answers = shared_server.invocations(body).json
    assert [list(answer) for answer in answers] == [["label", "prob"]] * 2
    assert all(len(answer["label"]) == len(answer["prob"]) == 2 for answer in answers)
    assert answers[0]["label"][0].startswith("__label__")


def test_custom_attributes_carry_options_and_come_back(shared_server: Server) -> None:
    """With an answer, and with an error of the application's."""
    headers = {"X-Amzn-SageMaker-Custom-Attributes": "request-7; top_k=1; explain=true"}
    for body, status in (('"good"', 200), ("{", 400)):
        answer = shared_server.invocations(body, **headers)
        assert answer.status == status
        assert headers.items() <= answer.headers.items()
    (prediction,) = shared_server.invocations('"good bad"', **headers).json["predictions"]
    assert len(prediction["top"]) == 1
    assert prediction["explanation"]["tokens"] == ["good", "bad"]


IN_A_BODY = {"inputs": "good", "parameters": {"model": True, "timing": True}}
ASKED = "model=true; timing=true"
ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"


@pytest.mark.parametrize(
    ("body", "content_type", "headers"),
    [
        (IN_A_BODY, "application/json", {}),
        ("good", f"text/plain; {ASKED}", {}),
        ('"good"', JSON_LINES, {"Accept": f"application/json; {ASKED}"}),
        ("good\n", "text/csv", {ATTRIBUTES: ASKED}),
    ],
    ids=["body", "Content-Type", "Accept", "custom attributes"],
)
def test_answer_says_what_gave_it_and_how_long_it_took(
    shared_server: Server, body: object, content_type: str, headers: dict[str, str]
) -> None:
    """However it is asked for: the platform hands over the body of an answer, and few headers."""
    answer = shared_server.invocations(body, content_type, **headers)
    assert answer.status == 200, answer.body
    found = answer.json
    assert list(found) == ["predictions", "model", "timing"]
    limits = found["model"].pop("limits")
    assert found["model"] == shared_server.request("GET", "/status").json["model"]
    assert found["model"]["scores"] == {"validation": {"accuracy": 0.5}}
    assert (limits["body_mb"], limits["sequence_length"]) == (100, 8)
    told = dict(re.findall(r"(\w+);dur=([\d.]+)", answer.headers["Server-Timing"]))
    timing = found["timing"]
    assert [timing["waiting_ms"], timing["reading_ms"]] == [
        float(told[name]) for name in ("wait", "read")
    ]
    assert 0 < timing["computing_ms"] <= float(told["compute"])


@pytest.mark.parametrize("accept", [JSON_LINES, "text/csv", "application/json; shape=blazingtext"])
def test_answer_without_a_place_for_the_model_is_refused(
    shared_server: Server, accept: str
) -> None:
    """A line or a row is a prediction, and BlazingText's answer is a list."""
    answer = shared_server.invocations(IN_A_BODY, Accept=accept)
    assert (answer.status, answer.error["code"]) == (400, "OPTION_INVALID")
    assert "has no place for model and timing" in answer.error["message"]
    assert "Accept application/json" in answer.error["remedy"]


def test_large_answer_has_the_headers_of_a_small_one(shared_server: Server) -> None:
    """It goes another way, through a file, and nobody can tell."""
    attributes = {"X-Amzn-SageMaker-Custom-Attributes": "request-7"}
    answers = [
        shared_server.invocations(b'"good"\n' * count, JSON_LINES, Accept=JSON_LINES, **attributes)
        for count in (10, 10_000)
    ]
    small, large = (dict(answer.headers) for answer in answers)
    assert attributes.items() <= large.items()
    for headers, answer in zip((small, large), answers, strict=True):
        assert int(headers.pop("Content-Length")) == len(answer.body)
        assert headers.pop("X-Request-Id")
        assert headers.pop("Server-Timing").endswith(f"documents;desc={answer.body.count(b'}]')}")
        del headers["Date"]
    assert large == small
    assert answers[1].body == answers[0].body * 1000


def test_answers_of_others_are_not_to_be_had(shared_server: Server) -> None:
    """The place where nginx finds large answers cannot be asked for."""
    assert shared_server.request("GET", "/responses/").status == 404
    assert shared_server.request("GET", "/responses/../nginx.conf").status == 404


def test_large_body_does_not_lose_its_error(shared_server: Server) -> None:
    """An error that is found before the body has been read arrives all the same."""
    body = b"7\n" + b'"a good policy and a bad bill"\n' * 1_000_000
    for content_type, status in (("image/png", 415), (f"{JSON_LINES}; strict=true", 400)):
        for _ in range(3):
            assert shared_server.invocations(body, content_type).status == status


def test_body_beyond_the_limit_is_413(start_server: Callable[..., Server]) -> None:
    """Nginx answers it with the same JSON body as the application's errors."""
    server = start_server(MAX_BODY_MB="1")
    answer = server.invocations(b"x" * (1 << 20) + b"x", "text/plain")
    assert (answer.status, answer.error["code"]) == (413, "BODY_TOO_LARGE")
    assert server.invocations(b"x " * (1 << 19), "text/plain").status == 200


def test_body_of_25_mb(shared_server: Server) -> None:
    """What a real-time endpoint may send is answered."""
    lines = (b'"' + b"a good policy and a bad bill " * 33_000 + b'"\n') * 26
    assert len(lines) > 24_800_000
    answer = shared_server.invocations(lines, JSON_LINES, Accept=JSON_LINES)
    assert answer.status == 200
    assert answer.body.count(b"\n") == lines.count(b"\n")


def test_chunked_body_without_length(shared_server: Server) -> None:
    """Batch transform may send a body in chunks, without a length."""

    def chunks() -> Iterator[bytes]:
        for _ in range(100):
            yield b'"good"\n'

    headers = {"Content-Type": JSON_LINES, "Transfer-Encoding": "chunked"}
    answer = shared_server.request("POST", "/invocations", chunks(), headers, chunked=True)
    assert answer.status == 200
    assert len(answer.json["predictions"]) == 100


def test_malformed_request_is_answered_in_json(shared_server: Server) -> None:
    """Even what is no HTTP gets the one error body."""
    with socket.create_connection(("127.0.0.1", shared_server.port), timeout=10) as connection:
        connection.sendall(b"GET /ping HTTP/1.1\r\nbad header\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert b" 400 " in answer.split(b"\r\n")[0]
    assert json.loads(answer.split(b"\r\n\r\n")[1])["error"]["code"] == "BODY_INVALID"


def test_no_version_banner(shared_server: Server) -> None:
    """Answers do not say which versions run here."""
    assert not re.search(r"\d", shared_server.ping().headers.get("Server", ""))


def test_ping_says_200_when_the_model_answers(shared_server: Server) -> None:
    """Ready means that the model was loaded and tried."""
    answer = shared_server.ping()
    assert (answer.status, answer.json) == (200, {"status": "ready"})


@pytest.mark.parametrize("name", [*artifact.SERVED, artifact.MANIFEST])
def test_flipped_byte_turns_ping_503_with_the_reason(
    model_root: Path, start_server: Callable[..., Server], name: str
) -> None:
    """A damaged model is never answered from; /ping and /invocations say why."""
    path = model_root / "model" / name
    content = bytearray(path.read_bytes())
    # In the manifest the byte is the first of a hash; elsewhere the middle one.
    at = content.index(b'"sha256": "') + 11 if name == artifact.MANIFEST else len(content) // 2
    content[at] ^= 1
    path.write_bytes(content)
    server = start_server(ready=False)
    answer = ping_when_loaded(server)
    assert answer["code"] == "MODEL_NOT_READY"
    assert "is not the file that training wrote" in answer["message"]
    assert str(model_root) not in json.dumps(answer)
    assert server.invocations('"good"').status == 503


@pytest.mark.parametrize("name", ["model.tar.gz", "output.tar.gz"])
def test_archive_beside_the_model_is_passed_over(
    model_root: Path, start_server: Callable[..., Server], name: str
) -> None:
    """The SDK's local session unpacks model.tar.gz where it lies, and leaves it there."""
    with tarfile.open(model_root / name, "w:gz") as archive:
        archive.add(model_root / "model", "")
    (model_root / name).rename(model_root / "model" / name)
    server = start_server()
    assert server.invocations('"good"').status == 200
    assert "error" not in server.log.lower()


def test_no_model_is_told(start_server: Callable[..., Server], model_root: Path) -> None:
    """An endpoint without a model says so instead of crashing in a loop."""
    (model_root / "model/manifest.json").unlink()
    answer = ping_when_loaded(start_server(ready=False))
    assert "there is no model" in answer["message"]


def ping_when_loaded(server: Server) -> dict[str, str]:
    """Ask /ping until it no longer says that the model is being loaded; it never says 200."""
    while True:
        assert server.process.poll() is None, server.log
        try:
            answer = server.ping()
        except ConnectionRefusedError:
            continue
        assert answer.status == 503
        if "still being loaded" not in answer.error["message"]:
            return answer.error


def test_serving_never_loads_the_training_stack(shared_server: Server) -> None:
    """No process of the server has TensorFlow, pandas or scikit-learn in its memory."""
    for processes in shared_server.children().values():
        for pid in processes:
            maps = Path(f"/proc/{pid}/maps").read_text()
            assert not re.search(r"/(tensorflow|h5py|sklearn|scipy|pandas|pyarrow)/", maps)


def test_workers_follow_the_setting(start_server: Callable[..., Server]) -> None:
    """MODEL_SERVER_WORKERS decides; without it the control group does (see the unit tests)."""
    server = start_server(MODEL_SERVER_WORKERS="3")
    wait_until(lambda: len(server.children()["gunicorn"]) == 1 + 3)


def test_nothing_but_the_settings_configures_gunicorn(
    start_server: Callable[..., Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its own variable nor its file in the current folder, which might be anyone's."""
    (tmp_path / "gunicorn.conf.py").write_text("workers = 4\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    server = start_server(MODEL_SERVER_WORKERS="1", GUNICORN_CMD_ARGS="--workers=3")
    server.wait_for_workers(1)
    assert server.invocations(b'"good"').status == 200
    assert len(server.children()["gunicorn"]) == 1 + 1


def test_writes_only_below_its_temporary_folder(server: Server, model_root: Path) -> None:
    """The model folder stays as it is, and the temporary folder is gone after the stop."""
    before = sorted(path.name for path in (model_root / "model").iterdir())
    server.invocations(b'"good"\n' * 100_000, JSON_LINES)
    assert server.stop() == 0
    assert sorted(path.name for path in (model_root / "model").iterdir()) == before
    assert not list((model_root / "tmp").iterdir())
