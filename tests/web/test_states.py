"""What is not an answer: waiting, errors, and that the text survives them all."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.conftest import StartServer
from tests.support.browser import asked, opened
from tests.support.waiting import wait_until
from tests.web.conftest import OpenPage

TEXT = "the bill is paid"
ASKED = "**/invocations"


def refusing(status: int, code: str, message: str, **more: object) -> Callable[[Route], None]:
    """Return what answers in the server's place, as the server or the cloud's function would."""
    body = json.dumps({"error": {"code": code, "message": message, **more}})
    return lambda route: route.fulfill(status=status, content_type="application/json", body=body)


def ask(page: Page, text: str = TEXT) -> None:
    """Ask, whatever comes of it."""
    page.get_by_label("Document", exact=True).fill(text)
    page.get_by_role("button", name="Classify", exact=True).click()


@pytest.mark.parametrize("code", ["ENDPOINT_WAKING", "MODEL_NOT_READY", "THROTTLED", "OVERLOADED"])
def test_a_model_that_wakes_up_is_asked_again(page: Page, code: str) -> None:
    """It is said at once, with the time gone by, and the answer comes by itself."""
    page.route(ASKED, refusing(503, code, "not yet", retry_after_seconds=1), times=2)
    ask(page)
    waiting = page.locator("#waiting")
    sentence = (
        "Too many are asking at once." if code in {"THROTTLED", "OVERLOADED"} else "waking up"
    )
    expect(waiting).to_contain_text(sentence)
    expect(waiting.get_by_role("timer")).to_have_text("1 second")
    expect(page.locator(".sentence")).to_be_visible()
    expect(waiting).to_be_empty()
    expect(page.get_by_role("alert").first).to_be_empty()


def test_the_gateway_s_own_throttling_is_waited_for(page: Page) -> None:
    """It has a body of another form, and a status that says enough."""
    body = '{"message":"Too Many Requests"}'
    page.route(ASKED, lambda route: route.fulfill(status=429, body=body), times=1)
    ask(page)
    expect(page.locator("#waiting")).to_contain_text("Too many are asking at once.")
    expect(page.locator(".sentence")).to_be_visible()


@pytest.mark.parametrize("how", ["Escape", "Cancel"])
def test_waiting_can_be_cancelled(page: Page, how: str) -> None:
    """By a key or the button; nothing is asked after that, and no error is shown."""
    page.route(ASKED, refusing(503, "ENDPOINT_WAKING", "not yet", retry_after_seconds=1))
    ask(page)
    cancel = page.locator("#waiting").get_by_role("button", name="Cancel")
    cancel.wait_for()
    if how == "Escape":
        page.keyboard.press("Escape")
    else:
        cancel.click()
    expect(page.locator("#waiting")).to_be_empty()
    expect(page.locator("#problem")).to_be_empty()
    expect(page.locator("#answer[aria-busy]")).to_have_count(0)
    expect(page.get_by_label("Document", exact=True)).to_have_value(TEXT)


def test_an_answer_that_takes_long_is_told(page: Page) -> None:
    """A slept model may keep the very first request waiting, without a word."""
    held: list[Route] = []
    page.route(ASKED, lambda each: held.extend([each]), times=1)
    ask(page)
    expect(page.locator("#waiting")).to_contain_text("The model takes its time.")
    held[0].continue_()
    expect(page.locator(".sentence")).to_be_visible()
    expect(page.locator("#waiting")).to_be_empty()


def test_a_later_question_takes_the_place_of_the_first(page: Page) -> None:
    """What the first one is answered is not shown any more."""
    held: list[Route] = []
    page.route(ASKED, lambda each: held.extend([each]), times=1)
    ask(page, "the first")
    page.wait_for_function("document.querySelector('#answer').ariaBusy === 'true'")
    asked(page, "good policy")
    expect(page.locator("#why .words")).to_have_text("good policy")
    expect(page.locator("#waiting")).to_be_empty()
    assert len(held) == 1


ERRORS = {
    "throttled for minutes": ("THROTTLED", 400, "too many ask at once", "Try again in a moment."),
    "a document too long": ("DOCUMENT_TOO_LONG", 413, "it has 900 tokens; 500 are the limit", "x"),
    "a time-out": ("TIMED_OUT", 504, "the answer took longer than 60 s", "Send less."),
    "no key": ("KEY_MISSING", 403, "this page needs its key", "Open the whole link."),
    "a wrong key": ("KEY_WRONG", 403, "this is not the key", "Ask for a new one."),
    "no endpoint": ("ENDPOINT_MISSING", 502, "the endpoint is not there", "Deploy it."),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors_say_what_to_do(page: Page, name: str) -> None:
    """A sentence, the code and a way on; trying again is a button, and the text is still there."""
    code, status, message, remedy = ERRORS[name]
    page.route(ASKED, refusing(status, code, message, remedy=remedy), times=1)
    ask(page)
    problem = page.locator("#problem")
    assert problem.get_attribute("role") == "alert"
    expect(problem.locator("strong")).to_have_text(f"{message[0].upper()}{message[1:]}.")
    expect(problem.locator("code")).to_have_text(code)
    expect(problem).to_contain_text(remedy)
    expect(page.get_by_label("Document", exact=True)).to_have_value(TEXT)
    problem.get_by_role("button", name="Try again").click()
    expect(page.locator(".sentence")).to_be_visible()
    expect(problem).to_be_empty()


def test_no_text_is_told_before_anything_is_asked(page: Page) -> None:
    """The place to type has the focus then."""
    page.route(ASKED, lambda _: pytest.fail("asked"))
    ask(page, " \n")
    expect(page.locator("#problem")).to_contain_text("There is no text yet. Type or paste")
    expect(page.get_by_label("Document", exact=True)).to_be_focused()


def test_a_text_over_the_limit_is_told_with_the_limit(page: Page) -> None:
    """By the server at first, by the page once it knows the limit; never is the text lost."""
    long = "good policy " * 100_000
    ask(page, long)
    expect(page.locator("#problem code")).to_have_text("BODY_TOO_LARGE")
    asked(page, "good")
    ask(page, long)
    expect(page.locator("#problem")).to_contain_text("The text has 1.1 MB; the limit is 1 MB.")
    expect(page.get_by_label("Document", exact=True)).to_have_value(long)


def test_offline_and_out_of_reach_are_two_things(page: Page) -> None:
    """The browser knows the one; the other is told where only the server is gone."""
    page.route(ASKED, lambda route: route.abort(), times=1)
    ask(page)
    expect(page.locator("#problem code")).to_have_text("UNREACHABLE")
    page.context.set_offline(True)
    ask(page)
    expect(page.locator("#problem code")).to_have_text("OFFLINE")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".sentence")).to_be_visible()


def test_an_answer_from_something_in_between_is_told(page: Page) -> None:
    """A proxy's page of HTML is no answer."""
    page.route(ASKED, lambda route: route.fulfill(status=502, body="<html>Bad Gateway</html>"))
    ask(page)
    expect(page.locator("#problem code")).to_have_text("HTTP_502")


def test_an_old_answer_stays_when_the_next_one_fails(page: Page) -> None:
    """So nothing is lost that was there."""
    asked(page, "good policy")
    page.route(ASKED, lambda route: route.abort())
    ask(page, "the bill")
    expect(page.locator("#problem code")).to_have_text("UNREACHABLE")
    expect(page.locator("#why .words")).to_have_text("good policy")


def test_a_model_that_cannot_be_served_says_why(
    open_page: OpenPage, start_server: StartServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A real server without a model: its reason is there while it is asked again."""
    # Not tmp_path: the names of the server's sockets must be short.
    server = start_server(ready=False, root=tmp_path_factory.mktemp("empty"))
    wait_until(server.is_reached)
    with open_page() as other:
        browser = other.context.browser
        assert browser
        with opened(browser, server.port) as page:
            ask(page)
            waiting = page.locator("#waiting")
            expect(waiting).to_contain_text("the model cannot be served", timeout=20_000)
