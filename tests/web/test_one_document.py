"""One document: the sentence, the scores, why, and what is told of the model."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import asked
from tests.web.conftest import LABELS, OpenPage

TEXT = "The bill isn't paid.\nGOOD policy, awful premium; zyx!"


def cells(table: Locator) -> list[list[str]]:
    """Return the body of a table as text, once it is there."""
    expect(table).to_be_visible()
    rows = table.locator("tbody tr").all()
    return [[cell.inner_text() for cell in row.locator("th, td").all()] for row in rows]


def number(shown: str) -> Decimal:
    """Return a number as it is shown, with a true minus."""
    return Decimal(shown.replace("\u2212", "-"))


def percent(score: float) -> str:
    """Return a score as the page has to show it."""
    if score < 0.001:
        return "<0.1\u00a0%"
    return ">99.9\u00a0%" if score >= 0.9995 else f"{100 * score:.1f}\u00a0%"


def test_the_first_sentence_says_it_all(page: Page) -> None:
    """Label, percent and the runner-up stand above all else; a test of the server's own answer."""
    (prediction,) = asked(page, TEXT)["predictions"]
    best, second = prediction["top"][:2]
    expected = (
        f"{'' if prediction['sure'] else 'Not sure: '}{best['label']}, {percent(best['score'])} "
        f"(next: {second['label']} {percent(second['score'])})"
    )
    expect(page.locator(".sentence").first).to_have_text(expected)
    expect(page.get_by_role("status").filter(has_text=best["label"]).first).to_be_attached()


def test_what_is_below_the_floor_is_not_sure(page: Page) -> None:
    """Both sides of the floor come up among the words of the model."""
    seen = set()
    for text in ("good policy", "awful", "bill paid", "notice", "insurer lender", "money"):
        (prediction,) = asked(page, text)["predictions"]
        sentence = page.locator(".sentence").first.inner_text()
        assert sentence.startswith("Not sure: ") is not prediction["sure"]
        seen.add(prediction["sure"])
    assert seen == {True, False}


def test_bars_are_on_a_fixed_scale(page: Page) -> None:
    """Three labels at first, all when asked for; a bar is as long as its score, not as the best."""
    (prediction,) = asked(page, TEXT)["predictions"]
    table = page.get_by_role("table", name="Most likely labels")
    assert len(cells(table)) == 3
    page.get_by_role("button", name="Show all 5").click()
    top = prediction["top"]
    assert [row[:2] for row in cells(table)] == [
        [each["label"], percent(each["score"])] for each in top
    ]
    for each, bar in zip(top, table.locator("svg").all(), strict=True):
        whole, part = bar.bounding_box(), bar.locator("rect").bounding_box()
        assert whole
        assert part
        assert part["width"] / whole["width"] == pytest.approx(each["score"], abs=0.01)


@pytest.mark.parametrize("score", [0.0, 4e-4, 0.00099, 0.001, 0.0449, 0.9994, 0.9996, 1.0])
def test_no_score_is_shown_as_nothing_or_everything(page: Page, score: float) -> None:
    """The smallest part is told as such."""
    shown = page.evaluate("async (score) => (await import('/page/dom.js')).percent(score)", score)
    assert shown == percent(score)
    assert shown not in {"0.0\u00a0%", "100.0\u00a0%"}


def test_the_words_add_up_to_the_logit(page: Page) -> None:
    """To every digit that is shown, for any label; and it is the logit that the server told."""
    (prediction,) = asked(page, TEXT)["predictions"]
    explanation = prediction["explanation"]
    for label in (prediction["label"], *(set(LABELS) - {prediction["label"]})):
        if label != prediction["label"]:
            with page.expect_response("**/invocations") as answer:
                page.get_by_label("Why").select_option(label)
            explanation = answer.value.json()["predictions"][0]["explanation"]
        expect(page.get_by_role("heading", name=f"For {label}", exact=True)).to_be_visible()
        page.get_by_text("How the words add up").click()
        table = page.get_by_role("table", name=f"What each word adds to {label}")
        expect(table).to_be_visible()
        *parts, total = [number(row[1]) for row in cells(table)]
        assert sum(parts) == total
        logit = Decimal(sum(explanation["values"]) + explanation["constant"])
        assert abs(total - logit) <= Decimal("0.0005")


def test_a_label_that_was_explained_before_is_not_asked_for_again(page: Page) -> None:
    """To look at the best label once more costs nothing."""
    (prediction,) = asked(page, TEXT)["predictions"]
    other = prediction["top"][1]["label"]
    with page.expect_response("**/invocations"):
        page.get_by_label("Why").select_option(other)
    expect(page.get_by_role("heading", name=f"For {other}", exact=True)).to_be_visible()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.get_by_label("Why").select_option(prediction["label"])
    expect(
        page.get_by_role("heading", name=f"For {prediction['label']}", exact=True)
    ).to_be_visible()
    assert not requests


def test_words_are_marked_where_they_stand(page: Page) -> None:
    """The text keeps its letters, apostrophes and line breaks; strength is weight and underline."""
    (prediction,) = asked(page, TEXT)["predictions"]
    words = page.locator("#why .words")
    assert words.evaluate("each => each.textContent") == TEXT
    marks = words.locator("mark").all()
    values = prediction["explanation"]["values"]
    assert len(marks) == len(values)
    strongest = max(range(len(values)), key=lambda index: abs(values[index]))
    kind = marks[strongest].get_attribute("class")
    assert kind == ("for strong" if values[strongest] > 0 else "against strong")
    style = "each => [getComputedStyle(each).fontWeight, getComputedStyle(each).textDecorationLine]"
    assert marks[strongest].evaluate(style) == ["700", "underline"]


def test_the_whole_text_is_one_stop_of_the_tab_key(page: Page) -> None:
    """Arrow keys go from word to word, and each says what it adds; Tab leaves the text."""
    (prediction,) = asked(page, TEXT)["predictions"]
    tokens = prediction["explanation"]["tokens"]
    words = page.locator("#why .words")
    words.focus()
    for token in tokens[:4]:
        page.keyboard.press("ArrowRight")
        told = page.locator("#why .told").inner_text().lower().replace("'", "")
        assert re.fullmatch(rf"{token}: [+\u2212]\d+\.\d\d\d", told)
    page.keyboard.press("End")
    expect(page.locator("#why .told")).to_contain_text("zyx")
    page.keyboard.press("Tab")
    assert not words.evaluate("each => each.contains(document.activeElement)")


def test_unknown_words_and_a_cut_are_told(page: Page) -> None:
    """How many words the model does not know, and how far it read."""
    asked(page, "good zyx policy")
    expect(page.locator(".notes")).to_have_text("1 of 3 words unknown to the model.")
    asked(page, "good " * 50)
    expect(page.locator(".notes")).to_have_text("The network read the first 20 words.")
    asked(page, "good zyx " * 50)
    expect(page.locator(".notes")).to_contain_text("50.0\u00a0% of the words are unknown")
    asked(page, "...")
    expect(page.locator(".notes")).to_contain_text("finds no word")


def test_the_model_is_told_with_the_answer(page: Page) -> None:
    """Name, date, scores, limits and times, from the answer itself."""
    asked(page, TEXT)
    facts = page.locator("dl").inner_text()
    for told in ("letters-7", "November 21, 2026", "93.5\u00a0% of 400 documents right", "1 MB"):
        assert told in facts
    assert re.search(r"\d+ ms, of which the model's server took [\d.]+", facts)


def test_the_text_is_counted_against_the_limit(page: Page) -> None:
    """Words and bytes at once, the limit as soon as an answer has told it."""
    size = page.locator("#size")
    page.get_by_label("Document", exact=True).fill("zwölf Wörter")
    expect(size).to_have_text("2 words, 14 bytes")
    asked(page, "one")
    expect(size).to_have_text("1 word, 3 bytes of 1 MB")


def test_an_example_can_be_undone(page: Page) -> None:
    """What was typed comes back with the browser's own undo."""
    box = page.get_by_label("Document", exact=True)
    box.press_sequentially("my own")
    page.get_by_role("button", name="A bill", exact=True).click()
    expect(box).to_have_value(re.compile(r"^Granite State"))
    page.keyboard.press("Control+z")
    expect(box).to_have_value("my own")


def test_markup_stays_text(page: Page) -> None:
    """Nothing that is typed becomes part of the page's own structure."""
    text = "<img src=x onerror=alert(1)> good <b>policy</b>"
    asked(page, text)
    assert page.locator("#why .words").evaluate("each => each.textContent") == text
    assert page.locator("#result img, #result b").count() == 0


def test_labels_beyond_the_first_hundred_come_a_hundred_at_a_time(page: Page) -> None:
    """A model of very many labels makes no page of very many rows at once."""
    rows = page.evaluate(
        """async () => {
          const { scores } = await import("/page/answer.js");
          const top = Array.from({ length: 250 }, (_, index) => ({ label: `l${index}`, score: 0 }));
          const made = scores(top);
          const found = [];
          for (let more; (more = made.querySelector("button")); more.click()) {
            found.push([made.querySelectorAll("tbody tr").length, more.textContent]);
          }
          return [...found, made.querySelectorAll("tbody tr").length];
        }"""
    )
    assert rows == [[3, "Show 100 more"], [103, "Show 100 more"], [203, "Show all 250"], 250]


def test_first_paint_and_answer_are_quick(open_page: OpenPage) -> None:
    """Bounds that a busy machine keeps to as well; docs/page.md has what was measured."""
    with open_page() as page:
        paint = page.evaluate(
            "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
        )
        assert 0 < paint < 10_000
        asked(page, "warm up")
        timing = asked(page, TEXT)["timing"]
        took = re.search(r"(\d+) ms, of which", page.locator("dl").inner_text())
        assert took
        assert int(took[1]) - sum(timing.values()) < 5_000
