"""The serve command when its parts die, or when it is told to stop."""

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.client import HTTPResponse
from pathlib import Path

import pytest

from tests.support.server import Answer, Server, established, free_port, processor_seconds
from tests.support.training import PROGRAMS, environment
from tests.support.waiting import wait_until
from text_classification.serving.predictions.limits.admission import HELD_REQUESTS

END_SECONDS = 180
# Explanations take some time.
EXPLAINED = "application/jsonlines; explain=true"


@pytest.mark.parametrize("program", ["nginx", "gunicorn"])
def test_death_of_a_master_ends_the_container(server: Server, program: str) -> None:
    """Exit code non-zero, the cause in the log, no process left behind, the port free again."""
    processes = server.children()
    os.kill(processes[program][0], signal.SIGKILL)
    assert server.process.wait(END_SECONDS) == 1
    assert f"{program} ended by SIGKILL" in server.log
    for group in processes.values():
        for pid in group:
            wait_until(partial(_gone, pid))
    with socket.create_server(("127.0.0.1", server.port)):
        pass


def test_death_of_a_worker_is_made_good(server: Server) -> None:
    """A killed worker is replaced; the server goes on answering."""
    master, victim, *_ = server.children()["gunicorn"]
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: victim not in server.children()["gunicorn"])
    assert server.invocations('"good"').status == 200
    assert server.children()["gunicorn"][0] == master


def test_requests_of_a_killed_worker_are_answered_by_another(
    start_server: Callable[..., Server],
) -> None:
    """Predictions may be asked for again: those who asked do not notice."""
    server = start_server(MODEL_SERVER_WORKERS="1")
    with _asked(server, 8, 2_000, EXPLAINED) as answers:
        os.kill(_busy_worker(server), signal.SIGKILL)
    assert [answer.result().status for answer in answers] == [200] * len(answers)
    assert all(len(answer.result().json["predictions"]) == 2_000 for answer in answers)


def test_answer_that_has_begun_comes_to_its_end(server: Server) -> None:
    """However slowly it is read, and whatever becomes of the worker that wrote it."""
    body = b'"a good policy and a bad bill"\n' * 20_000
    with socket.create_connection(("127.0.0.1", server.port), timeout=END_SECONDS) as connection:
        connection.sendall(
            b"POST /invocations HTTP/1.1\r\nHost: here\r\nContent-Type: application/jsonlines\r\n"
            b"Content-Length: %d\r\n\r\n" % len(body) + body
        )
        answer = HTTPResponse(connection)
        answer.begin()
        assert answer.status == 200
        start = answer.read(1)
        for worker in server.children()["gunicorn"][1:]:
            os.kill(worker, signal.SIGKILL)
        whole = start + answer.read()
    assert len(json.loads(whole)["predictions"]) == 20_000


def test_request_that_loses_two_workers_is_given_back(start_server: Callable[..., Server]) -> None:
    """What may be the cause of their deaths does not go on to kill them all."""
    server = start_server(MODEL_SERVER_WORKERS="1")
    with _asked(server, 1, 20_000, EXPLAINED) as (asked,):
        first = _busy_worker(server)
        os.kill(first, signal.SIGKILL)
        os.kill(_busy_worker(server, after=first), signal.SIGKILL)
        answer = asked.result()
    assert (answer.status, answer.error["code"]) == (503, "WORKER_LOST")
    assert answer.headers["Retry-After"]
    assert server.invocations('"good"').status == 200


def test_workers_are_replaced_without_a_lost_request(start_server: Callable[..., Server]) -> None:
    """WORKER_REQUESTS sees to fresh workers while all is being answered."""
    server = start_server(WORKER_REQUESTS="20", MODEL_SERVER_WORKERS="1")
    before = set(server.children()["gunicorn"])
    with _asked(server, 8, 1_000, EXPLAINED) as long, ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: server.invocations('"good"'), range(200)))
    assert {answer.status for answer in answers} == {200}
    assert {answer.result().status for answer in long} == {200}
    wait_until(lambda: len(before & set(server.children()["gunicorn"])) == 1)  # the master


def test_nginx_reloads_under_load(server: Server) -> None:
    """Its old workers end what they have begun."""
    with _asked(server, 4, 1_000, EXPLAINED) as long, ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda _: server.invocations('"good"'), range(200))
        for _ in range(3):
            _reload(server)
        assert {answer.status for answer in answers} == {200}
    assert {answer.result().status for answer in long} == {200}


def test_death_of_an_nginx_worker_is_made_good(server: Server) -> None:
    """A killed worker of nginx is replaced too."""
    victim = server.children()["nginx"][1]
    os.kill(victim, signal.SIGKILL)
    server.wait_until_ready(server.process)
    assert server.children()["nginx"][1] != victim


@contextmanager
def _asked(
    server: Server, count: int, documents: int, media_type: str = "application/jsonlines"
) -> Iterator[list[Future[Answer]]]:
    """Send ``count`` requests of so many documents at once; their answers come meanwhile."""
    body = b'"a good policy and a bad bill"\n' * documents
    with ThreadPoolExecutor(count) as pool:
        yield [pool.submit(server.invocations, body, media_type) for _ in range(count)]


def test_sigterm_under_load_finishes_what_was_accepted(server: Server) -> None:
    """Every request that was sent before the signal is answered 200; then it exits with 0."""
    with _asked(server, 6, 5_000) as answers:
        wait_until(lambda: established(server.port) >= len(answers))
        assert server.ping().status == 200  # nginx accepts in order: the requests come first
        assert server.stop() == 0
    assert [answer.result().status for answer in answers] == [200] * len(answers)


def test_sigterm_closes_idle_connections(server: Server) -> None:
    """A caller that keeps its connection does not hold up the end."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=END_SECONDS) as connection:
        connection.sendall(b"GET /ping HTTP/1.1\r\nHost: here\r\n\r\n")
        assert b" 200 " in connection.recv(10_000)
        assert server.stop() == 0
        assert connection.recv(1) == b""
    assert "nginx did not end" not in server.log


def test_sigterm_does_not_wait_for_a_slow_client(server: Server) -> None:
    """One that never ends its request is left; what was accepted before is answered."""
    head = b"POST /invocations HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head)
        with _asked(server, 2, 2_000, EXPLAINED) as answers:
            wait_until(lambda: established(server.port) >= 1 + len(answers))
            assert server.ping().status == 200
            assert server.stop() == 0
    assert [answer.result().status for answer in answers] == [200] * len(answers)


def test_ping_is_answered_while_all_is_busy(start_server: Callable[..., Server]) -> None:
    """SageMaker waits 2 s for /ping, however much there is to compute."""
    server = start_server(MODEL_SERVER_WORKERS="1")
    times = []
    with _asked(server, 12, 4_000) as answers:
        wait_until(lambda: established(server.port) >= len(answers))
        while not all(answer.done() for answer in answers):
            started = time.monotonic()
            assert server.ping().status == 200
            times.append(time.monotonic() - started)
    # A busy machine may hold up one of them.
    assert sorted(times)[-2:][0] < 2
    assert [answer.result().status for answer in answers] == [200] * len(answers)


def test_more_requests_than_are_held_are_refused(start_server: Callable[..., Server]) -> None:
    """Beyond the limit the answer is 503 with Retry-After at once, and /ping still says 200."""
    server = start_server(MODEL_SERVER_WORKERS="1", REQUEST_SECONDS="600")
    (worker,) = server.wait_for_workers(1)
    os.kill(worker, signal.SIGSTOP)  # until all of them wait for it
    with _asked(server, 2 * HELD_REQUESTS, 200, EXPLAINED) as asked:
        wait_until(lambda: established(server.port) >= len(asked))
        os.kill(worker, signal.SIGCONT)
        assert server.ping().status == 200
        answers = [each.result() for each in asked]
    refused = [answer for answer in answers if answer.status != 200]
    assert 0 < len(refused) <= HELD_REQUESTS
    assert {answer.error["code"] for answer in refused} == {"OVERLOADED"}
    assert all(answer.headers["Retry-After"] for answer in refused)


def test_sigterm_before_ready_ends_at_once(start_server: Callable[..., Server]) -> None:
    """A server that is still loading can be stopped."""
    server = start_server(ready=False)
    wait_until(lambda: "listening" in server.log)
    assert server.stop() == 0


def test_taken_port_is_told(tmp_path: Path) -> None:
    """One line names the port and what to do; the exit code is non-zero."""
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        port = str(taken.getsockname()[1])
        result = _serve(tmp_path, SAGEMAKER_BIND_TO_PORT=port)
    assert result.returncode == 1
    assert f"PORT_TAKEN: port {port} of 127.0.0.1 cannot be used" in result.stdout
    assert "Traceback" not in result.stdout


def test_taken_port_of_the_metrics_is_told(tmp_path: Path) -> None:
    """Likewise, with its own setting."""
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        port = str(taken.getsockname()[1])
        result = _serve(tmp_path, METRICS_PORT=port)
    assert result.returncode == 1
    assert f"PORT_TAKEN: port {port} of 127.0.0.1 cannot be used" in result.stdout
    assert "METRICS_PORT" in result.stdout


def test_wrong_setting_is_told(tmp_path: Path) -> None:
    """A setting out of range names its variable."""
    result = _serve(tmp_path, MAX_BODY_MB="many")
    assert result.returncode == 1
    assert "the environment variable MAX_BODY_MB is wrong" in result.stdout


def test_temporary_folder_may_have_a_space(model_root: Path) -> None:
    """Nginx's configuration quotes its paths."""
    with (
        tempfile.TemporaryDirectory(prefix="my files ") as scratch,
        Server(model_root, TMPDIR=scratch) as server,
    ):
        server.wait_until_ready(server.process)


def test_gunicorn_that_cannot_start_is_told(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Its process says why, and nothing is left of the server."""
    libraries, scratch = tmp_path / "libraries", tmp_path_factory.mktemp("scratch")
    libraries.mkdir()
    (libraries / "flask.py").write_text("raise ImportError('a library is missing')\n")
    result = _serve(tmp_path, PYTHONPATH=str(libraries), TMPDIR=str(scratch))
    assert result.returncode == 1
    assert "INTERNAL: ImportError: a library is missing" in result.stderr
    assert "gunicorn ended with exit code 1: stopping" in result.stdout
    assert not list(scratch.iterdir())


@pytest.mark.parametrize("name", ["no/such/folder", "x" * 80, "/proc"])
def test_unusable_temporary_folder_is_told(tmp_path: Path, name: str) -> None:
    """Missing, too long for a socket's path, or not to be written to: named before the start."""
    if "/" not in name:
        (tmp_path / name).mkdir()
    result = _serve(tmp_path, TMPDIR=str(tmp_path / name))
    assert result.returncode == 1
    assert "the temporary folder (TMPDIR) " in result.stdout
    assert f"[{tmp_path / name}]" in result.stdout
    assert "Traceback" not in result.stdout


def _serve(root: Path, **additions: str) -> subprocess.CompletedProcess[str]:
    variables = environment(
        root,
        **{"BIND_ADDRESS": "127.0.0.1", "SAGEMAKER_BIND_TO_PORT": str(free_port()), **additions},
    )
    command = [PROGRAMS / "serve"]
    return subprocess.run(
        command, env=variables, capture_output=True, text=True, check=False, timeout=END_SECONDS
    )


def _reload(server: Server) -> None:
    before = set(server.children()["nginx"])
    os.kill(server.children()["nginx"][0], signal.SIGHUP)
    wait_until(lambda: not set(server.children()["nginx"]) <= before)


def _busy_worker(server: Server, after: int = 0) -> int:
    """Wait until the only worker, one after ``after``, has something to compute; return it."""
    found: list[int] = []

    def busy() -> bool:
        found[:] = server.children()["gunicorn"][1:]
        return bool(found) and found != [after] and processor_seconds(found[0]) > 0.2

    wait_until(busy)
    return found[0]


def _gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()
