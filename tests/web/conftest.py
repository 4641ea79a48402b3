"""The page in Chromium, in front of a server with a small model of random weights."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from functools import partial

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import need_nginx
from tests.support.browser import chromium, opened
from tests.support.server import Server
from tests.unit.helpers import random_artifact
from text_classification import artifact

LABELS = ("BILL", "POLICY CHANGE", "BINDER", "CANCELLATION NOTICE", "EXPIRATION NOTICE")
METRICS = {
    "job_name": "letters-7",
    "trained": "2026-11-21T13:28:18+00:00",
    "validation": {"documents": 320, "accuracy": 0.959, "macro_f1": 0.848},
    "test": {"documents": 400, "accuracy": 0.935, "macro_f1": 0.804},
}

OpenPage = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="session")
def page_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests of the page: what is less likely than 60 % is not sure."""
    need_nginx()
    root = tmp_path_factory.mktemp("page")
    model = replace(random_artifact(labels=LABELS, sequence_length=20), metrics=METRICS)
    artifact.save(model, root / "model")
    with Server(root, CONFIDENCE_FLOOR="0.6", MAX_BODY_MB="1") as server:
        server.wait_until_ready(server.process)
        yield server


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser for the tests of a file; Playwright's loop would be in the way of other tests'."""
    with chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def open_page(browser: Browser, page_server: Server) -> OpenPage:
    """Open the page with settings of the test's own."""
    return partial(opened, browser, page_server.port)


@pytest.fixture
def page(open_page: OpenPage) -> Iterator[Page]:
    """The page, as most people see it; whatever the test does, its policy has to hold."""
    with ExitStack() as stack:
        yield stack.enter_context(open_page())
