"""A file of documents: looked at, run, told row by row, handed back."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.unit.helpers import WORDS
from tests.web.conftest import LABELS
from tests.web.test_one_document import cells

RUN = "Classify all"
DOWNLOAD = "Download with the answers"


def letters(count: int) -> list[dict[str, str]]:
    """Return documents of the model's words, each with a label."""
    return [
        {
            "id": str(index),
            "text": " ".join(WORDS[(index * step) % len(WORDS)] for step in range(1, 15)),
            "label": LABELS[index % len(LABELS)],
        }
        for index in range(count)
    ]


def as_csv(rows: Sequence[dict[str, str]]) -> bytes:
    """Return rows as CSV."""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def choose(page: Page, name: str, content: bytes) -> None:
    """Choose a file, and wait until it has been looked at."""
    page.set_input_files(
        "#file", {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.locator("#batch strong", has_text=name).wait_for()


def handed_back(page: Page) -> tuple[str, str]:
    """Wait until all is done; return the name and content of the file that is handed back."""
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name=DOWNLOAD).click(timeout=60_000)
    return download.value.suggested_filename, Path(download.value.path()).read_text("utf-8")


def test_a_thousand_rows_are_answered_in_order(page: Page) -> None:
    """Each as if it had been asked alone; the table shows the first of them."""
    rows = letters(1000)
    choose(page, "letters.csv", as_csv(rows))
    page.get_by_role("button", name=RUN).click()
    expect(page.get_by_role("heading", name="Classified 1,000 documents")).to_be_visible(
        timeout=60_000
    )
    expect(page.get_by_role("table", name="Documents 1 to 50 of 1,000")).to_be_visible()
    name, content = handed_back(page)
    assert name == "letters-classified.csv"
    back = list(csv.DictReader(io.StringIO(content)))
    assert [{key: row[key] for key in rows[0]} for row in back] == rows
    answer = page.request.post(
        "/invocations", data={"instances": [row["text"] for row in rows]}
    ).json()
    expected = [(each["label"], each["score"]) for each in answer["predictions"]]
    assert [(row["predicted_label"], float(row["predicted_score"])) for row in back] == expected
    page.get_by_role("button", name="Last").click()
    table = page.get_by_role("table", name="Documents 951 to 1,000 of 1,000")
    assert cells(table)[-1][:1] == ["1,000"]
    assert cells(table)[-1][2] == expected[-1][0]


def test_labels_of_the_file_are_compared_with_the_answers(page: Page) -> None:
    """Accuracy, the matrix and the counts come out as they are counted here."""
    rows = letters(200)
    choose(page, "letters.csv", as_csv(rows))
    expect(page.get_by_label("True labels are in")).to_have_value("2")
    page.get_by_role("button", name=RUN).click()
    _, content = handed_back(page)
    answers = [row["predicted_label"] for row in csv.DictReader(io.StringIO(content))]
    pairs = list(zip((row["label"] for row in rows), answers, strict=True))
    right = sum(own == answer for own, answer in pairs)
    expect(page.get_by_text(f"{right} of 200 documents")).to_be_visible()
    matrix = page.get_by_role("table", name="Confusion matrix")
    columns = matrix.locator("thead th").all_inner_texts()[1:]
    for own, *numbers in cells(matrix):
        counted = [str(pairs.count((own, label))) for label in columns]
        assert [number.replace("\u00b7", "0") for number in numbers] == counted
    counts = {row[0]: int(row[1]) for row in cells(page.get_by_role("table", name="of each label"))}
    assert counts == {label: answers.count(label) for label in set(answers)}


@pytest.mark.parametrize(
    ("name", "content", "read", "texts"),
    [
        ("a.csv", '\ufefftext;n\n"good; ""fine"""\n'.encode(), "semicolons", ['good; "fine"']),
        ("a.tsv", b"n\ttext\r\n1\tgood\r\n2\tbad\r\n", "tabs", ["good", "bad"]),
        ("a.csv", b'text\n"two\nlines"\n', "commas", ["two\nlines"]),
        ("a.csv", "text,n\nf\u00fcr,1\n".encode("cp1252"), "windows-1252", ["f\u00fcr"]),
        ("a.csv", "text\tn\ngood\t1\n".encode("utf-16"), "utf-16le", ["good"]),
        ("a.csv", b"good policy,1\nbad bill,2\n", "commas", ["good policy", "bad bill"]),
        ("a.jsonl", b'{"text": "good"}\n"bad"\n', "JSON Lines", ["good", "bad"]),
        ("a.txt", b"good\r\n\r\nbad", "lines of text", ["good", "bad"]),
    ],
)
def test_kinds_of_files(page: Page, name: str, content: bytes, read: str, texts: list[str]) -> None:
    """Delimiters, quotes, byte order marks, line ends and encodings are as they come."""
    choose(page, name, content)
    expect(page.locator("#batch p").first).to_contain_text(read)
    page.get_by_role("button", name=RUN).click()
    table = page.get_by_role("table", name="Documents 1 to")
    expect(table).to_be_visible()
    shown = table.locator("tbody td:nth-child(2)").all()
    assert [cell.evaluate("each => each.textContent") for cell in shown] == texts


def test_the_column_is_chosen(page: Page) -> None:
    """By its usual name, by the longest texts, or by whoever knows better."""
    choose(page, "a.csv", b"n,what it says,other\n1,a much longer text,x\n2,another text,good\n")
    column = page.get_by_label("Text is in")
    expect(column).to_have_value("1")
    column.select_option("other")
    page.get_by_role("button", name=RUN).click()
    rows = cells(page.get_by_role("table", name="Documents 1 to"))
    assert [row[1] for row in rows] == ["x", "good"]


def test_a_first_row_can_be_a_document(page: Page) -> None:
    """The guess can be put right, and the preview follows."""
    choose(page, "a.csv", b"text,what\ngood,bad\n")
    header = page.get_by_label("The first row names the columns")
    expect(header).to_be_checked()
    header.uncheck()
    expect(page.get_by_role("columnheader", name="column 1")).to_be_visible()
    page.get_by_role("button", name=RUN).click()
    expect(page.get_by_role("heading", name="Classified 2 documents")).to_be_visible()


def test_bad_rows_are_told_one_by_one(page: Page) -> None:
    """They have their number and reason; the others are answered, and all are handed back."""
    lines = b'{"text": "good", "n": 1}\nno json\n{"n": 3}\n{"text": "bad", "n": 4}\n'
    choose(page, "rows.jsonl", lines)
    page.get_by_role("button", name=RUN).click()
    expect(page.get_by_role("heading", name="4 documents")).to_contain_text("2 errors")
    expected = [["2", "it is not JSON"], ["3", "it has nothing in text"]]
    assert cells(page.get_by_role("table", name="Errors")) == expected
    name, content = handed_back(page)
    assert name == "rows-classified.jsonl"
    back = [json.loads(line) for line in content.splitlines()]
    assert ["error" in each["prediction"] for each in back] == [False, True, True, False]
    assert (back[0]["n"], back[3]["n"]) == (1, 4)


def test_a_quote_that_is_never_closed_is_one_bad_row(page: Page) -> None:
    """What came before it is answered."""
    choose(page, "a.csv", b'text,n\ngood,1\n"bad,2\nand,3\n')
    page.get_by_role("button", name=RUN).click()
    errors = page.get_by_role("table", name="Errors")
    assert cells(errors) == [["2", "a quote is opened and not closed"]]


def test_too_much_at_a_time_is_asked_in_halves(page: Page) -> None:
    """As a server answers that takes fewer documents a request."""

    def few(route: Route) -> None:
        if len(json.loads(route.request.post_data or "")["instances"]) > 30:
            error = {"code": "RECORDS_TOO_MANY", "message": "too many"}
            route.fulfill(status=413, body=json.dumps({"error": error}))
        else:
            route.continue_()

    page.context.route("**/invocations", few)
    rows = letters(100)
    choose(page, "letters.csv", as_csv(rows))
    page.get_by_role("button", name=RUN).click()
    _, content = handed_back(page)
    back = list(csv.DictReader(io.StringIO(content)))
    assert [row["id"] for row in back] == [row["id"] for row in rows]
    assert all(row["predicted_label"] for row in back)


def test_a_connection_that_is_lost_is_gone_on_with(page: Page) -> None:
    """Nothing that was answered is lost, and nothing is asked twice into the file."""
    page.context.route("**/invocations", lambda route: route.abort(), times=1)
    choose(page, "letters.csv", as_csv(letters(1200)))
    page.get_by_role("button", name=RUN).click()
    again = page.locator("#batch").get_by_role("button", name="Try again")
    expect(page.locator("#batch").get_by_role("alert")).to_contain_text("cannot be reached")
    again.click()
    _, content = handed_back(page)
    ids = [row["id"] for row in csv.DictReader(io.StringIO(content))]
    assert ids == [str(index) for index in range(1200)]


def test_a_run_can_be_cancelled(page: Page) -> None:
    """What was answered until then is there."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            return
        held.append(route)
        route.continue_()

    page.context.route("**/invocations", hold)
    choose(page, "letters.csv", as_csv(letters(2000)))
    page.get_by_role("button", name=RUN).click()
    expect(page.locator("#batch [role=status]")).to_contain_text("500 documents")
    page.locator("#batch").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="Cancelled after 500 documents")).to_be_visible()
    _, content = handed_back(page)
    assert len(content.splitlines()) == 501


def test_a_file_is_dropped_anywhere(page: Page) -> None:
    """A drop is a choice, and the browser does not leave the page for it."""
    dropped = page.evaluate_handle(
        """() => {
          const dropped = new DataTransfer();
          dropped.items.add(new File(["good policy"], "dropped.txt"));
          return dropped;
        }"""
    )
    page.dispatch_event("header", "drop", {"dataTransfer": dropped})
    expect(page.locator("#batch strong", has_text="dropped.txt")).to_be_visible()
