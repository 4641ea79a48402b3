"""A pinned answer and the next one beside it."""

from playwright.sync_api import Page, expect

from tests.support.browser import asked
from tests.web.test_one_document import cells, number

BEFORE = "the bill is paid, good policy of the lender"
NOW = "the bill is not paid, awful policy of the insurer"


def test_what_changed_is_told_word_by_word(page: Page) -> None:
    """Changes add up exactly to the change of each logit; words that went and came are told."""
    asked(page, BEFORE)
    page.get_by_role("button", name="Pin to compare").click()
    expect(page.get_by_text("the next answer is shown beside this one")).to_be_visible()
    asked(page, NOW)
    compare = page.get_by_role("region", name="Compared with the pinned answer")
    expect(compare.get_by_role("heading", name="Pinned", exact=True)).to_be_visible()
    tables = compare.get_by_role("table", name="Words that changed").all()
    assert tables
    for table in tables:
        rows = cells(table)
        for column in (1, 2, 3):
            *parts, total = [number(row[column].replace("\u2013", "0")) for row in rows]
            assert sum(parts) == total
        words = {row[0] for row in rows}
        assert {"good", "awful"} & words


def test_scores_that_changed_are_told_in_points(page: Page) -> None:
    """The change is the difference of the scores."""
    (before,) = asked(page, BEFORE)["predictions"]
    page.get_by_role("button", name="Pin to compare").click()
    (now,) = asked(page, NOW)["predictions"]
    was, is_ = (
        {each["label"]: 100 * each["score"] for each in prediction["top"]}
        for prediction in (before, now)
    )
    rows = cells(page.get_by_role("table", name="Scores that changed most"))
    assert rows
    for label, _, _, change in rows:
        assert abs(float(number(change)) - (is_[label] - was[label])) <= 0.051


def test_another_label_is_compared_when_it_is_chosen(page: Page) -> None:
    """The choice beside Why counts for the comparison too."""
    asked(page, BEFORE)
    page.get_by_role("button", name="Pin to compare").click()
    (now,) = asked(page, NOW)["predictions"]
    other = now["top"][-1]["label"]
    page.get_by_label("Why").select_option(other)
    expect(page.get_by_role("table", name=f"Words that changed {other}")).to_be_visible()


def test_unpinning_ends_it(page: Page) -> None:
    """The section goes, and the answer stays."""
    asked(page, BEFORE)
    page.get_by_role("button", name="Pin to compare").click()
    asked(page, NOW)
    page.get_by_role("button", name="Unpin").click()
    expect(page.locator("#compare")).to_be_hidden()
    expect(page.locator(".sentence").first).to_be_visible()
