"""How it looks, and for whom it works: widths, themes, forced colours, keyboard, axe-core."""

import json
import re
from collections.abc import Callable
from typing import Any, Literal

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.support.browser import asked
from tests.support.pictures import compare, difference
from tests.support.skipping import skip
from tests.support.training import ROOT
from tests.web.conftest import OpenPage
from tests.web.test_many_documents import as_csv, choose, letters

AXE = ROOT / "tests/web/axe/node_modules/axe-core/axe.min.js"
TEXT = "The bill isn't paid. Good policy, awful premium of the lender; zyx is not a home loan."
WIDTHS = (320, 768, 1280)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# What differs from run to run: a slow answer's time may take another line.
STILL = """\
dd:last-of-type, [role=timer] { visibility: hidden; white-space: nowrap; overflow: hidden }
"""


def start(page: Page) -> None:
    """Nothing has been asked."""
    expect(page.get_by_role("button", name="A bill", exact=True)).to_be_visible()


def answered(page: Page) -> None:
    """One document, with all that can be opened."""
    asked(page, TEXT)
    page.get_by_role("button", name="Show all").click()
    page.get_by_text("How the words add up").click()
    expect(page.get_by_role("table", name="What each word adds")).to_be_visible()


def compared(page: Page) -> None:
    """A pinned answer and another one."""
    asked(page, TEXT)
    page.get_by_role("button", name="Pin to compare").click()
    asked(page, TEXT.replace("isn't", "is"))
    expect(page.get_by_role("table", name="Words that changed").first).to_be_visible()


def waking(page: Page) -> None:
    """A model that is not ready."""
    error = {"code": "ENDPOINT_WAKING", "message": "the endpoint is waking up"}
    body = json.dumps({"error": error})
    page.route("**/invocations", lambda route: route.fulfill(status=503, body=body))
    page.get_by_label("Document", exact=True).fill(TEXT)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#waiting")).to_contain_text("waking up")


def failed(page: Page) -> None:
    """An error."""
    page.get_by_role("button", name="Classify", exact=True).click()
    expect(page.locator("#problem code")).to_have_text("EMPTY")


def looked_at(page: Page) -> None:
    """A file that is about to be run."""
    choose(page, "letters.csv", as_csv(letters(300)))


def many(page: Page) -> None:
    """A file that has been run, with bad rows."""
    choose(page, "letters.csv", as_csv(letters(60)) + b"99\r\n")
    page.get_by_role("button", name="Classify all").click()
    expect(page.get_by_role("table", name="Documents 1 to 50 of 61")).to_be_visible()


STATES: dict[str, Callable[[Page], None]] = {
    state.__name__: state for state in (start, answered, compared, waking, failed, looked_at, many)
}


@pytest.mark.parametrize("name", STATES)
def test_no_state_is_wider_than_its_page(open_page: OpenPage, name: str) -> None:
    """At 320 px, as at 1280 px and 400 %, nothing is cut off and only tables scroll sideways."""
    with open_page() as page:
        STATES[name](page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") == width
            hide_what_changes(page)
            compare(page, f"{name}-{width}")


def hide_what_changes(page: Page) -> None:
    """Hide times, by a sheet that the policy has nothing against."""
    page.evaluate(
        """(rules) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(rules);
          document.adoptedStyleSheets = [sheet];
        }""",
        STILL,
    )


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing(open_page: OpenPage, name: str, theme: Literal["light", "dark"]) -> None:
    """Every rule of WCAG 2.2 AA and of good practice; and the theme is as in its picture."""
    if not AXE.is_file():
        skip("axe-core is not installed; make test does that")
    with open_page(color_scheme=theme) as page:
        STATES[name](page)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
        hide_what_changes(page)
        compare(page, f"{name}-{theme}")


def test_the_picture_s_comparison_can_fail() -> None:
    """A part that is gone is found; letters that are drawn a little differently are not."""
    one = Image.new("RGB", (64, 100), "white")
    other = one.copy()
    ImageDraw.Draw(other).rectangle((0, 0, 64, 20), fill=(250, 245, 250))
    assert not difference(one, other)
    ImageDraw.Draw(other).rectangle((10, 40, 30, 60), fill="black")
    assert difference(one, other)
    assert difference(one, one.resize((64, 120)))


def test_dark_is_dark(open_page: OpenPage) -> None:
    """Paper and ink change places."""
    paper = {}
    for theme in THEMES:
        with open_page(color_scheme=theme) as page:
            colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
            paper[theme] = sum(map(int, re.findall(r"\d+", colour)[:3]))
    assert paper["light"] > 3 * 230
    assert paper["dark"] < 3 * 40


def test_forced_colours_keep_bars_and_sides(open_page: OpenPage) -> None:
    """The bar has the text's colour there; for and against differ by their lines."""
    with open_page(forced_colors="active") as page:
        asked(page, TEXT)
        style = "each => getComputedStyle(each)"
        text = page.locator("body").evaluate(f"each => ({style})(each).color")
        bar = page.locator(".bar rect").first
        assert bar.evaluate(f"each => ({style})(each).fill") == text
        lines = {
            side: page.locator(f"h4.{side}").evaluate(
                f"each => ({style})(each).textDecorationStyle"
            )
            for side in ("for", "against")
        }
        assert lines == {"for": "solid", "against": "dashed"}


def test_nothing_moves(open_page: OpenPage) -> None:
    """There is neither animation nor transition, wished for or not."""
    with open_page(reduced_motion="reduce") as page:
        answered(page)
        moving = "document.getAnimations().length"
        assert page.evaluate(moving) == 0
        durations = page.evaluate(
            "[...document.querySelectorAll('*')].map((each) => getComputedStyle(each))"
            ".filter((each) => parseFloat(each.transitionDuration)"
            " || parseFloat(each.animationDuration)).length"
        )
        assert durations == 0


def test_the_keyboard_is_enough(page: Page) -> None:
    """From the address bar to a compared answer, with no more than Tab, Enter and letters."""
    reached: list[str] = []

    def tab_to(name: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "document.activeElement.textContent || document.activeElement.id"
            )
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid", f"{focused} does not show that it has the focus"
            if focused == name:
                reached.append(name)
                return
        pytest.fail(f"{name} cannot be reached; it went on from {reached}")

    tab_to("text")
    page.keyboard.type(TEXT)
    tab_to("Classify")
    page.keyboard.press("Enter")
    page.locator(".sentence").wait_for()
    tab_to("Show all 5")
    page.keyboard.press("Enter")
    tab_to("How the words add up")
    page.keyboard.press("Enter")
    tab_to("Pin to compare")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="See what changed").wait_for()
    tab_to("See what changed")
    page.keyboard.press("Enter")
    expect(page.locator("#compare-title")).to_be_focused()


def test_large_text_and_targets(page: Page) -> None:
    """Every control is large enough to be hit (WCAG 2.5.8)."""
    answered(page)
    for control in page.locator("button:visible, select:visible, input:visible").all():
        box = control.bounding_box()
        assert box
        assert box["height"] >= 24
        assert box["width"] >= 24


def test_an_answer_is_in_sight_on_a_small_screen(open_page: OpenPage) -> None:
    """On a telephone the answer is below the text, and is scrolled to."""
    with open_page(viewport={"width": 320, "height": 480}) as page:
        asked(page, TEXT)
        expect(page.locator(".sentence").first).to_be_in_viewport()


def test_an_error_is_in_sight_on_a_small_screen(open_page: OpenPage) -> None:
    """It stands beside what was pressed."""
    with open_page(viewport={"width": 320, "height": 640}) as page:
        page.route("**/invocations", lambda route: route.abort())
        page.get_by_label("Document", exact=True).fill(TEXT)
        page.get_by_role("button", name="Classify", exact=True).click()
        expect(page.locator("#problem strong")).to_be_in_viewport()
