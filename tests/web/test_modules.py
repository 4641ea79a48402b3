"""The page's modules by themselves, in the browser that will run them."""

import csv
import io
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from tests.support.exhaustive import examples
from text_classification.corpus.tokenizer import TOKENIZERS

CELLS = st.text(st.sampled_from('ab",;\t\r\n é\U0001f600'), max_size=6)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5)
EXAMPLES = settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def run(page: Page, module: str, body: str, given: Any = None) -> Any:
    """Run a function's body with a module of the page as ``it``, and what it is given."""
    return page.evaluate(
        f"async (given) => {{ const it = await import('/page/{module}'); {body} }}", given
    )


READ_CSV = """
  const reader = new it.CsvRows(given.delimiter);
  return [...given.pieces.flatMap((piece) => reader.push(piece)), ...reader.end().rows];
"""


@EXAMPLES
@given(rows=ROWS, delimiter=st.sampled_from(",;\t"), seed=st.integers(0, 1000))
def test_csv_is_read_as_python_reads_it(
    page: Page, rows: list[list[str]], delimiter: str, seed: int
) -> None:
    """Whatever is quoted, however the file is cut into pieces."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows(rows)
    text = written.getvalue()
    cuts = sorted(random.Random(seed).choices(range(len(text) + 1), k=3))
    pieces = [text[first:last] for first, last in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    found = run(page, "csv.js", READ_CSV, {"delimiter": delimiter, "pieces": pieces})
    assert found == [row for row in rows if len(row) > 1 or row[0]]


@EXAMPLES
@given(rows=ROWS, delimiter=st.sampled_from(",;\t"))
def test_csv_is_written_as_python_reads_it(
    page: Page, rows: list[list[str]], delimiter: str
) -> None:
    """The file that is handed back is CSV for everyone."""
    body = "return given.rows.map((row) => it.csvLine(row, given.delimiter)).join('')"
    text = run(page, "csv.js", body, {"rows": rows, "delimiter": delimiter})
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert read == rows


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ('a,b\n"x;y;z;z;z",2', ","),
        ("a;b\n1,5;2,5\n1,5;2;3;4", ";"),
        ("a\tb\n1,2\t3", "\t"),
        ("a", ","),
    ],
)
def test_the_delimiter_is_the_one_outside_quotes(page: Page, text: str, delimiter: str) -> None:
    """Commas within numbers and quotes do not count for much."""
    assert run(page, "csv.js", "return it.delimiterOf(given)", text) == delimiter


@EXAMPLES
@given(values=st.lists(st.floats(-50, 50), max_size=30))
def test_rounded_values_add_up(page: Page, values: list[float]) -> None:
    """To the rounded total; and none is rounded by more than one in its last digit."""
    found = run(page, "attribution.js", "return it.addUp(given)", values)
    assert sum(round(1000 * value) for value in found["values"]) == round(1000 * found["total"])
    assert abs(found["total"] - sum(values)) <= 0.00051
    assert all(
        abs(shown - value) < 0.00101 for shown, value in zip(found["values"], values, strict=True)
    )


@EXAMPLES
@given(text=st.text(st.sampled_from("abZÜé'\u2019 ,.-!?$%(5\n字"), max_size=40))
@pytest.mark.parametrize("tokenizer", TOKENIZERS)
def test_words_are_found_in_their_text(page: Page, tokenizer: str, text: str) -> None:
    """Every token of every tokenizer, where it stands."""
    tokens = [token.decode() for token in TOKENIZERS[tokenizer](text).split()]
    spans = run(page, "attribution.js", "return it.align(...given)", [text, tokens])
    assert spans is not None
    found = [text[start:end] for start, end in spans]
    bare = str.maketrans("", "", "'\u2019")
    same = [each.lower().translate(bare) for each in found]
    assert same == [token.lower().translate(bare) for token in tokens]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Re\u0301sume\u0301s, a\u00e9", ["Re\u0301sume\u0301s", "a\u00e9"]),
        ("an insur\u00adance\u2060s x", ["an", "insur\u00adance\u2060s", "x"]),
        ("one\u200btwo", ["one\u200b", "two"]),
        ("a\u200db \u1112\u1161\u11ab", ["a\u200db", "\u1112\u1161\u11ab"]),
        ("ok\u2764\ufe0f\U0001f44d\U0001f3fd!", ["ok", "\u2764\ufe0f", "\U0001f44d\U0001f3fd"]),
        ("1\ufe0f\u20e3 x", ["1\ufe0f\u20e3", "x"]),
        ("\u0e44\u0e17\u0e22", ["\u0e44\u0e17", "\u0e22"]),
    ],
    ids=ascii,
)
def test_words_are_marked_as_they_stand(page: Page, text: str, expected: list[str]) -> None:
    """The tokens are in normal form, the text is not: what is marked is the text."""
    tokens = [token.decode() for token in TOKENIZERS["words.v2"](text).split()]
    spans = run(page, "attribution.js", "return it.align(...given)", [text, tokens])
    units = text.encode("utf-16-le")  # of two bytes, which JavaScript counts
    assert [units[2 * start : 2 * end].decode("utf-16-le") for start, end in spans] == expected


def test_words_that_are_not_in_the_text_are_not_marked(page: Page) -> None:
    """Then the words are shown as the model reads them."""
    body = "return it.align(...given)"
    assert run(page, "attribution.js", body, ["a b c", ["a", "c"]]) is None
    assert run(page, "attribution.js", body, ["a b", ["a", "x"]]) is None


def test_phrases_are_neighbours_of_one_side(page: Page) -> None:
    """A weak word ends one, and so does one for the other side."""
    words = ["a", "b", "c", "d", "e", "f"]
    values = [1.0, 0.5, 0.01, 2.0, -1.0, -0.5]
    found = run(page, "attribution.js", "return it.phrases(...given)", [words, values])
    told = [(each["text"], each["value"]) for each in found]
    assert told == [("d", 2.0), ("a b", 1.5), ("e f", -1.5)]


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(0, 5, "0\u00a0%"), (5, 5, "100\u00a0%"), (1, 5000, "<0.1\u00a0%"), (1, 3, "33.3\u00a0%")],
)
def test_shares_of_what_was_counted(page: Page, part: int, whole: int, shown: str) -> None:
    """Nothing and all are told as such, and only they."""
    assert run(page, "dom.js", "return it.share(...given)", [part, whole]) == shown
