"""The serve command as a multi-model endpoint starts it: workers that agree, whatever happens."""

import os
import re
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from time import monotonic
from urllib.parse import quote

import numpy as np
import pytest

from tests.support.server import Answer, Server, established
from tests.support.waiting import wait_until
from tests.unit.helpers import kim_of, random_artifact, random_weights
from text_classification import artifact
from text_classification.artifact import Artifact
from text_classification.cnn.architectures.kim.tables import int8_scales
from text_classification.corpus.vocabulary import Vocabulary
from text_classification.serving.predictions.limits.admission import HELD_REQUESTS

WORKERS = 3
TOKENS = 60_000
JSON = {"Content-Type": "application/json"}


class Models:
    """A server for many models, as the platform sees it."""

    def __init__(self, server: Server, root: Path) -> None:
        self.server = server
        self._root = root

    def url(self, model: Artifact) -> str:
        """Save a model, and return the url that it is loaded by."""
        folder = self._root / "models" / str(len(list(self._root.glob("models/*")))) / "model"
        artifact.save(model, folder)
        return str(folder)

    def load(self, name: str, url: str) -> Answer:
        """Load a model."""
        body = f'{{"model_name": "{name}", "url": "{url}"}}'
        return self.server.request("POST", "/models", body.encode(), JSON)

    def unload(self, name: str) -> Answer:
        """Unload a model."""
        return self.server.request("DELETE", f"/models/{quote(name, safe='')}")

    def invoke(self, name: str, body: bytes = b'["good", "bad"]') -> Answer:
        """Ask a model."""
        return self.server.request("POST", f"/models/{quote(name, safe='')}/invoke", body, JSON)

    def invoke_often(self, name: str, times: int = 20) -> list[int]:
        """Ask a model over as many connections at once, and return the statuses."""
        with ThreadPoolExecutor(times) as pool:
            return [answer.status for answer in pool.map(self.invoke, [name] * times)]

    def invoke_everywhere(self, name: str) -> None:
        """Ask a model until every worker has answered from it, each time with success."""

        def answered() -> bool:
            assert set(self.invoke_often(name)) == {200}
            return len(self.workers_with_models()) == WORKERS

        wait_until(answered)

    @property
    def workers(self) -> list[int]:
        """The process ids of the workers."""
        return self.server.children()["gunicorn"][1:]

    def workers_with_models(self) -> list[int]:
        """The workers that have a model mapped, be it still loaded or not."""
        return [pid for pid in self.workers if re.search(r"\.model\b", _maps(pid))]

    def loading_worker(self) -> int:
        """The worker that is loading a model, 0 for none: the kernel knows who has the lock."""
        pattern = r"FLOCK +ADVISORY +WRITE (\d+) "
        locks = re.findall(pattern, Path("/proc/locks").read_text("ascii"))
        return next((int(pid) for pid in locks if int(pid) in self.workers), 0)


@pytest.fixture
def models(start_server: Callable[..., Server], model_root: Path) -> Iterator[Models]:
    """A server with three workers and no model."""
    server = start_server(SAGEMAKER_MULTI_MODEL="true", MODEL_SERVER_WORKERS=str(WORKERS))
    found = Models(server, model_root)
    wait_until(lambda: len(found.workers) == WORKERS)
    yield found
    assert server.stop() == 0
    assert not list((model_root / "tmp").iterdir())
    assert "Traceback" not in server.log


def large_artifact() -> Artifact:
    """Return a model that takes some of a second to load, and 70 MB."""
    vocabulary = Vocabulary.of(f"word{number}".encode() for number in range(TOKENS - 2))
    configuration = replace(
        kim_of(random_artifact()),
        vocabulary_size=TOKENS,
        embedding_size=64,
        kernel_widths=(3, 4, 5),
        filters=100,
    )
    weights = random_weights(configuration, np.random.default_rng(0))
    scales = int8_scales(configuration, weights)
    return replace(
        random_artifact(),
        configuration=configuration,
        vocabulary=vocabulary,
        weights=weights,
        scales=scales,
    )


def test_all_workers_agree_at_once(models: Models) -> None:
    """After the 200 of a load every worker answers, after that of an unload none does."""
    url = models.url(random_artifact())
    for _ in range(10):
        assert models.load("letters", url).status == 200
        assert models.invoke_often("letters") == [200] * 20
        assert models.unload("letters").status == 200
        assert models.invoke_often("letters") == [404] * 20
    models.load("letters", url)
    models.invoke_everywhere("letters")


def test_memory_of_an_unloaded_model_is_given_back(models: Models) -> None:
    """By all workers, without being asked for anything."""
    models.load("letters", models.url(random_artifact()))
    models.invoke_everywhere("letters")
    models.unload("letters")
    wait_until(lambda: not models.workers_with_models())


def test_one_of_two_loads_of_a_name_wins(models: Models) -> None:
    """The other is 409; by then the model answers."""
    urls = [models.url(random_artifact(seed)) for seed in range(2)]
    for number in range(5):
        with ThreadPoolExecutor(2) as pool:
            answers = pool.map(partial(models.load, f"model {number}"), urls)
            assert sorted(answer.status for answer in answers) == [200, 409]
        assert models.invoke(f"model {number}").status == 200


def test_worker_killed_while_loading_blocks_nothing(models: Models) -> None:
    """The load is answered 503; the next one succeeds, and other models answer meanwhile."""
    models.load("letters", models.url(random_artifact()))
    url = models.url(large_artifact())
    with ThreadPoolExecutor(1) as pool:
        lost = pool.submit(models.load, "large", url)
        wait_until(lambda: models.loading_worker() > 0)
        victim = models.loading_worker()
        os.kill(victim, signal.SIGKILL)
        assert lost.result().status == 503
    assert models.invoke("large").status == 404
    assert models.invoke_often("letters") == [200] * 20
    assert models.load("large", url).status == 200
    assert models.invoke("large").status == 200
    wait_until(lambda: victim not in models.workers)


def test_new_workers_know_all_models(models: Models) -> None:
    """Whatever workers are killed: the models are those of the server."""
    for name in ("a", "b"):
        models.load(name, models.url(random_artifact()))
    models.invoke_often("a")
    before = models.workers
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: len(set(models.workers) - set(before)) == WORKERS)
    models.server.wait_until_ready()
    models.invoke_everywhere("a")
    assert models.invoke("b").status == 200
    assert models.load("b", "/nowhere").status == 409


def test_loading_does_not_hold_up_predictions(models: Models) -> None:
    """Other models answer all the while, and /ping too."""
    models.load("letters", models.url(random_artifact()))
    url = models.url(large_artifact())
    times = []
    with ThreadPoolExecutor(3) as pool:
        loads = [pool.submit(models.load, f"large {number}", url) for number in range(3)]
        while not all(load.done() for load in loads):
            started = monotonic()
            assert models.invoke("letters").status == 200
            assert models.server.ping().status == 200
            times.append(monotonic() - started)
    assert [load.result().status for load in loads] == [200] * 3
    assert len(times) > 3
    # A busy machine may hold up one of them.
    assert median(times) < 1


def test_request_on_a_model_that_is_unloaded_is_finished(models: Models) -> None:
    """It began before, so it is answered 200; the next one is 404."""
    models.load("letters", models.url(random_artifact()))
    assert not models.workers_with_models()
    body = b"[" + b",".join([b'"a good policy and a bad bill"'] * 20_000) + b"]"
    with ThreadPoolExecutor(1) as pool:
        answer: Future[Answer] = pool.submit(models.invoke, "letters", body)
        wait_until(lambda: len(models.workers_with_models()) > 0)
        assert models.unload("letters").status == 200
        assert not answer.done()
        assert models.invoke("letters").status == 404
        assert len(answer.result().json["predictions"]) == 20_000


def test_names_arrive_as_they_are(models: Models) -> None:
    """Slashes, dots and other letters in an address are the name's."""
    url = models.url(random_artifact())
    for name in ("a/b", "../ping", "é 字", "x" * 7000, "%2F", "a//b", "/", "a/invoke"):
        assert models.load(name, url).status == 200
        assert models.invoke(name).status == 200
        assert models.unload(name).status == 200
        assert models.invoke(name).error["code"] == "MODEL_NOT_LOADED"


def test_model_that_does_not_fit_is_507(
    start_server: Callable[..., Server], model_root: Path
) -> None:
    """Whichever worker is asked; unloading makes room."""
    server = start_server(SAGEMAKER_MULTI_MODEL="true", MODEL_SERVER_WORKERS="2", MODELS_MB="100")
    models = Models(server, model_root)
    url = models.url(large_artifact())
    assert models.load("a", url).status == 200
    refused = models.load("b", url)
    assert (refused.status, refused.error["code"]) == (507, "OUT_OF_MEMORY")
    assert models.invoke("a").status == 200
    assert models.unload("a").status == 200
    assert models.load("b", url).status == 200


def test_half_requests_keep_nobody_waiting(models: Models) -> None:
    """As many as a worker holds: no worker hears of them before they are whole."""
    models.load("letters", models.url(random_artifact()))
    half = b"POST /models/letters/invoke HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n[1"
    with ExitStack() as connections:
        for _ in range(HELD_REQUESTS):
            address = ("127.0.0.1", models.server.port)
            connection = connections.enter_context(socket.create_connection(address))
            connection.sendall(half)
        wait_until(lambda: established(models.server.port) >= HELD_REQUESTS)
        assert models.invoke("letters").status == 200
        assert models.server.ping().status == 200


def _maps(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/maps").read_text("utf-8")
    except OSError:  # it has been killed
        return ""
