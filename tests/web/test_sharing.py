"""Links and copies: what is in them, and what never is."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import asked
from tests.support.server import Server
from tests.web.conftest import OpenPage

TEXT = 'It\'s "due" & $100 paid\\ zwölf\nnext # line %20'
KEY = "a-secret-key"
PERMISSIONS = ["clipboard-read", "clipboard-write"]


@pytest.fixture
def page(open_page: OpenPage) -> Iterator[Page]:
    """The page where it may copy."""
    with ExitStack() as stack:
        yield stack.enter_context(open_page(permissions=PERMISSIONS))


@pytest.fixture
def keyed(open_page: OpenPage) -> Iterator[Page]:
    """The page as the cloud has it: with a key, by the one file that differs."""
    with ExitStack() as stack:
        page = stack.enter_context(open_page(path="/config.json", permissions=PERMISSIONS))
        body = json.dumps({"invocations": "/invocations", "key": True})
        page.route("**/config.json", lambda route: route.fulfill(body=body))
        yield page


def copied(page: Page, name: str) -> str:
    """Press a button that copies, and return what it copied."""
    page.get_by_role("button", name=f"Copy {name}", exact=True).click()
    page.get_by_text(f"Copied {name}.").wait_for()
    found: str = page.evaluate("navigator.clipboard.readText()")
    return found


def test_a_link_carries_the_text_in_its_fragment_alone(page: Page, page_server: Server) -> None:
    """Whoever opens it sees the same text and answer; no server is sent the fragment."""
    asked(page, TEXT)
    link = copied(page, "link")
    parts = urlsplit(link)
    assert (parts.path, parts.query) == ("/", "")
    with page.context.new_page() as other:
        urls: list[str] = []
        other.on("request", lambda request: urls.append(request.url))
        other.goto(link)
        expect(other.locator("#why .words")).to_be_visible()
        expect(other.get_by_label("Document", exact=True)).to_have_value(TEXT)
        assert not [url for url in urls if "due" in urlsplit(url)._replace(fragment="").geturl()]
    assert "zw" not in page_server.log


def test_a_link_goes_stale_with_another_text(page: Page) -> None:
    """The address does not keep what is asked about no longer."""
    page.goto("/#text=the+bill")
    expect(page.locator("#why .words")).to_have_text("the bill")
    asked(page, "good")
    assert urlsplit(page.url).fragment == ""


def test_a_link_pasted_into_the_same_tab_is_opened(page: Page) -> None:
    """Then the browser loads nothing anew."""
    page.evaluate("location.hash = 'text=good+policy'")
    expect(page.locator("#why .words")).to_have_text("good policy")


def test_curl_asks_the_same(page: Page) -> None:
    """The copied command runs in a shell as it is, whatever the text holds."""
    (prediction,) = asked(page, TEXT)["predictions"]
    command = copied(page, "as curl")
    answer = subprocess.run(
        ["bash", "-c", command.replace("curl ", "curl --silent ")],
        capture_output=True,
        check=True,
    ).stdout
    assert json.loads(answer)["predictions"][0]["label"] == prediction["label"]


def test_boto3_asks_the_same(page: Page) -> None:
    """The copied program is Python, and its body is the same text."""
    asked(page, TEXT)
    program = copied(page, "as boto3")
    body = program.partition("Body=")[2].partition(".encode()")[0]
    assert json.loads(json.loads(body)) == {"text": TEXT}
    compile(program, "copied", "exec")


def test_without_permission_people_copy_it_themselves(open_page: OpenPage) -> None:
    """What would have been copied stands there, selected."""
    with open_page() as page:
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
        asked(page, "good")
        page.get_by_role("button", name="Copy link", exact=True).click()
        area = page.get_by_label("To be copied link")
        expect(area).to_be_focused()
        assert area.input_value().endswith("#text=good")


def test_the_key_goes_off_the_address_and_into_each_request(keyed: Page) -> None:
    """It is kept for the tab alone, and needs not be given again there."""
    keyed.goto(f"/#key={KEY}")
    keyed.wait_for_url("**/")
    with keyed.expect_request("**/invocations") as request:
        asked(keyed, "good")
    assert request.value.headers["x-page-key"] == KEY
    assert keyed.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    keyed.reload()
    with keyed.expect_request("**/invocations") as request:
        asked(keyed, "good")
    assert request.value.headers["x-page-key"] == KEY


def test_copies_never_have_the_key_unless_asked(keyed: Page) -> None:
    """A button of its own copies a link with the key."""
    keyed.goto(f"/#key={KEY}")
    asked(keyed, "good")
    for name in ("link", "as curl", "as boto3"):
        assert KEY not in copied(keyed, name)
    assert f"key={KEY}&text=good" in copied(keyed, "link with the key")


def test_many_documents_are_asked_with_the_key_too(keyed: Page) -> None:
    """The worker is told it."""
    keyed.goto(f"/#key={KEY}")
    keyed.set_input_files(
        "#file", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"good policy"}
    )
    with keyed.context.expect_event("request", lambda each: each.method == "POST") as request:
        keyed.get_by_role("button", name="Classify all").click()
    assert request.value.headers["x-page-key"] == KEY


def test_without_a_configured_key_none_is_kept(page: Page) -> None:
    """The container's page asks for none."""
    page.goto(f"/#key={KEY}")
    page.wait_for_url("**/")
    with page.expect_request("**/invocations") as request:
        asked(page, "good")
    assert "x-page-key" not in request.value.headers
    assert page.evaluate("sessionStorage.length") == 0
