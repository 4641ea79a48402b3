"""The form, where the browser runs no script."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, expect

from tests.support.pictures import compare
from tests.support.server import Server
from tests.web.conftest import OpenPage
from tests.web.test_looks import AXE
from tests.web.test_one_document import cells, percent

TEXT = "\nthe bill is paid <b>&amp; good</b>"


@pytest.fixture
def page(open_page: OpenPage) -> Iterator[Page]:
    """The page in a browser without scripts."""
    with ExitStack() as stack:
        yield stack.enter_context(open_page(java_script_enabled=False))


def ask(page: Page, text: str) -> int:
    """Send the form, and return the status of the answer."""
    page.get_by_label("Document", exact=True).fill(text)
    with page.expect_response("**/form") as answer:
        page.get_by_role("button", name="Classify", exact=True).click()
    return int(answer.value.status)


def test_the_form_is_answered_with_the_page(page: Page, page_server: Server) -> None:
    """The same answer as to everyone, and the text is still there, as text."""
    assert ask(page, TEXT) == 200
    expect(page.get_by_label("Document", exact=True)).to_have_value(TEXT)
    sent = page_server.invocations({"text": TEXT.replace("\n", "\r\n")})
    (prediction,) = sent.json["predictions"]
    expect(page.locator(".sentence strong")).to_have_text(prediction["label"])
    rows = cells(page.get_by_role("table", name="Most likely labels"))
    top = [
        [each["label"], percent(each["score"]).replace("\u00a0", " ")] for each in prediction["top"]
    ]
    assert [row[:2] for row in rows] == top
    expect(page.locator(".words mark").first).to_be_visible()
    expect(page.get_by_text("letters-7, 5 labels")).to_be_visible()
    compare(page, "without-script")


def test_errors_are_told_on_the_page(page: Page) -> None:
    """With the status that they have for everyone."""
    assert ask(page, " ") == 400
    expect(page.locator(".problem")).to_contain_text("There is no text yet.")
    expect(page.locator(".sentence")).to_have_count(0)


def test_what_needs_a_script_is_not_shown(page: Page) -> None:
    """No button is there that does nothing."""
    for name in ("many", "examples", "keys"):
        expect(page.locator(f"#{name}")).to_be_hidden()


def test_the_answered_form_goes_on_with_a_script(open_page: OpenPage, page_server: Server) -> None:
    """Where scripts run after all, the page works on from there; axe-core finds nothing in it."""
    with open_page() as page:
        page.evaluate(
            "document.forms[0].querySelector('textarea').value = 'good policy';"
            "document.forms[0].submit()"
        )
        page.wait_for_url("**/form")
        if AXE.is_file():
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found = page.evaluate("axe.run()")
            assert [each["id"] for each in found["violations"]] == []
        page.get_by_role("button", name="Classify", exact=True).click()
        expect(page.locator("#label")).to_be_visible()
    assert page_server.is_ready()
