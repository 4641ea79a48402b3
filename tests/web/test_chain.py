"""The page in a browser, through all that stands between it and a model on AWS.

Chromium, the emulator's CloudFront and HTTP API, the function under Lambda's own client, boto3,
the emulator's SageMaker, the image's server.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.cloud.emulator.hosting import random_model
from tests.cloud.life import Life
from tests.support.emulated import own_emulator
from tests.support.skipping import skip
from tests.support.training import ROOT
from tests.support.visitor import Visitor
from tests.support.waiting import wait_until

TEXT = "The policy is good, and nobody else is to read this."
KEY = "model.tar.gz"


@dataclass
class Chain:
    """A page by its link, and who made it."""

    life: Life
    link: str
    broken: list[str] = field(default_factory=list)

    @property
    def visitor(self) -> Visitor:
        return Visitor(self.link)

    def lines(self) -> list[str]:
        """Return every line of every log."""
        logs = self.life.client("logs")
        return [
            event["message"]
            for group in logs.describe_log_groups()["logGroups"]
            for event in logs.filter_log_events(logGroupName=group["logGroupName"])["events"]
        ]

    def watch(self, page: Page) -> None:
        """Note scripts that fail, broken policies, and requests to other hosts."""
        host = urlsplit(self.link).netloc
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.on(
            "console",
            lambda said: self.broken.append(said.text) if "Content Security" in said.text else None,
        )
        page.on(
            "request",
            lambda asked: (
                self.broken.append(asked.url) if urlsplit(asked.url).netloc != host else None
            ),
        )


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """A page in front of a serverless endpoint, on an emulator of its own, made by the commands."""
    if not (ROOT / "container/text_classification/web/index.html").is_file():
        skip("the page is not there")
    if not (shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")):
        skip("nginx is not installed")
    with own_emulator() as emulator:
        life = Life(emulator, tmp_path_factory.mktemp("chain"))
        life.set_up()
        life.client("s3").put_object(Bucket=life.bucket, Key=KEY, Body=random_model())
        archive = f"s3://{life.bucket}/{KEY}"
        given = ("--image", "latest", "--env", "MODEL_SERVER_WORKERS=1", "--yes")
        life.textcnn("deploy", archive, "--name", "chain", *given)
        yield Chain(life, life.textcnn("page", "deploy", "chain", "--yes")["link"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; root may not have a sandbox, and nothing but this page is opened."""
    program = shutil.which("chromium")
    if program is None:
        skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, chain: Chain) -> Iterator[Page]:
    """An empty page of a context of its own, which must keep to the rules."""
    context = browser.new_context()
    page = context.new_page()
    chain.watch(page)
    yield page
    context.close()
    assert chain.broken == []


def ask(page: Page, link: str) -> None:
    """Open a link and ask about a text, as a person does."""
    page.goto(link)
    page.get_by_label("Document", exact=True).fill(TEXT)
    page.keyboard.press("Control+Enter")


def test_the_page_is_answered_by_the_model(page: Page, chain: Chain) -> None:
    """The same answer as the endpoint's own, with the words that led to it."""
    with page.expect_response("**/invocations") as answered:
        ask(page, chain.link)
    (prediction,) = answered.value.json()["predictions"]
    asked = chain.life.textcnn("ask", TEXT, "--endpoint", "chain")
    assert prediction["label"] == asked["predictions"][0]["label"]
    sentence = page.locator(".sentence").first
    expect(sentence).to_contain_text(prediction["label"])
    assert set(answered.value.json()) == {"predictions", "model", "timing"}


def test_without_the_key_the_page_says_what_to_do(page: Page, chain: Chain) -> None:
    """It opens, for there is nothing secret in it, and asks for the whole link."""
    ask(page, chain.link.partition("#")[0])
    expect(page.get_by_role("alert")).to_contain_text("whole link")
    expect(page.get_by_label("Document", exact=True)).to_have_value(TEXT)


def test_a_busy_endpoint_is_asked_again_by_the_page(page: Page, chain: Chain) -> None:
    """The function tells that it is throttled and when to come again; the text is not lost."""
    chain.life.emulator.fault("throttling", "sagemaker:InvokeEndpoint")
    statuses: list[int] = []
    page.on(
        "response",
        lambda answer: statuses.append(answer.status) if "/invocations" in answer.url else None,
    )
    ask(page, chain.link)
    expect(page.locator(".sentence").first).to_be_visible(timeout=20_000)
    assert statuses == [503, 200]


def test_the_key_never_leaves_but_as_a_header(page: Page, chain: Chain) -> None:
    """Neither the address nor a referrer has it; and no log on the way."""
    urls: list[str] = []
    page.on("request", lambda asked: urls.append(f"{asked.url} {asked.headers.get('referer', '')}"))
    ask(page, chain.link)
    expect(page.locator(".sentence").first).to_be_visible()
    assert len(urls) > 3
    assert not [url for url in urls if chain.visitor.key in url]
    wait_until(lambda: any('"status": 200' in line for line in chain.lines()))
    secrets = (chain.visitor.key, TEXT[:20])
    assert not [line for line in chain.lines() for secret in secrets if secret in line]


def test_every_file_has_the_strict_headers(chain: Chain) -> None:
    """Whatever a visitor fetches, and of each the right type."""
    folder = ROOT / "container/text_classification/web"
    files = [path.relative_to(folder).as_posix() for path in Path(folder).rglob("*.*")]
    assert "index.html" in files
    for path in ["", *files]:
        answer = chain.visitor.get(f"/{path}")
        assert answer.status == 200, path
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; ")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "max-age=" in answer.headers["strict-transport-security"]
