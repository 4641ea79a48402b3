"""serving/predictions/requests/rows.py: headers, and the column of the text."""

import csv
import gzip
import io
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.serving.predictions.requests.bodies import CSV, JSON, LINES, PLAIN, read
from text_classification.contract.delimiters import DELIMITERS, Delimiter
from text_classification.errors import RequestError
from text_classification.serving.predictions.requests import tab_rows


@pytest.mark.parametrize(
    ("options", "body", "expected"),
    [
        ({"header": "present"}, "review\none\n", ["one"]),
        ({"header": "absent"}, "text\none\n", ["text", "one"]),
        ({"header": "Present"}, "id,text\n1,one\n", ["one"]),
        ({"text_column": "review"}, "id,Review\n1,one\n", ["one"]),
        ({"text_column": "Review"}, "review\none\n", ["one"]),
        ({"text_column": "review"}, "text,review\nno,one\n", ["one"]),
        ({"text_column": "1"}, "1,one\n2,two\n", ["one", "two"]),
        ({"text_column": 1}, "1,one\n2,two\n", ["one", "two"]),
        ({"text_column": "1", "header": "present"}, "id,review\n1,one\n", ["one"]),
        ({"text_column": "0"}, "id,text\none,1\n", ["one"]),
        ({"text_column": "0", "header": "absent"}, "id,text\none,1\n", ["id", "one"]),
        ({"text_column": "2000", "header": "present"}, "1999,2000\nno,one\n", ["one"]),
        ({}, "id,body,text\n1,no,one\n", ["one"]),
        ({}, "inputs\none\n", ["one"]),
        ({}, "Sentence\n\none\n", ["one"]),
        ({}, "id,Description\n1,one\n", ["one"]),
        ({}, ",review\n0,one\n", ["one"]),
        ({}, "source,comment\nmail,one\n", ["one"]),
        ({"own": "letter"}, "letter\none\n", ["one"]),
        ({"own": "letter"}, "text,Letter\nno,one\n", ["one"]),
        ({"own": "letter"}, "id,text\n1,one\n", ["one"]),
        ({"text_column": "1"}, "7,title\n8,one\n", ["title", "one"]),
        ({"text_column": "1"}, "id,title\n8,one\n", ["one"]),
        ({"text_column": "1"}, "id,title\n", ["title"]),
        ({}, "question\n", ["question"]),
        ({}, "question\n\n", ["question"]),
        ({}, "id;text\n1;one, two\n", ["one, two"]),
        ({}, '\n"id"\t"Review"\n1\tone\n', ["one"]),
        ({}, "one; two\nthree|four\n", ["one; two", "three|four"]),
        ({"delimiter": "pipe", "text_column": "1"}, "7|one, two\n", ["one, two"]),
        ({}, "source\n", ["source"]),
        ({}, "sep=;\r\nid;text\r\n1;one, two\r\n", ["one, two"]),
        ({}, '\ufeff"sep=\t"\nid\ttext\n1\tone\n', ["one"]),
        ({"delimiter": "semicolon"}, "sep=;\ntext\none\n", ["one"]),
        ({}, "text\n1;one\n2;two\n", ["1;one", "2;two"]),
        ({"delimiter": "comma"}, "1;one\n2;two\n", ["1;one", "2;two"]),
    ],
)
def test_column_is_the_one_that_was_meant(
    options: dict[str, Any], body: str, expected: list[str]
) -> None:
    """By its name, by its number, by the usual names, or the only one."""
    assert read(body, CSV, **options).texts == expected


@pytest.mark.parametrize(
    ("options", "body", "word"),
    [
        ({"header": "present"}, "id,letter\n1,one\n", "no column is named text"),
        ({"text_column": "review"}, "id,text\n1,one\n", "no column 'review'"),
        ({"text_column": "text", "header": "absent"}, "id,text\n1,one\n", "no column 'text'"),
        ({"text_column": "2", "header": "present"}, "id,text\n1,one\n", "no column '2'"),
        ({"text_column": "2"}, "1,one\n", "2 fields where 3 or more are expected"),
    ],
)
def test_column_that_is_not_there_is_told(options: dict[str, Any], body: str, word: str) -> None:
    """Which column is the text is never guessed."""
    with pytest.raises(RequestError, match=word):
        read(body, CSV, **options)


def test_short_first_row_does_not_spoil_the_others() -> None:
    """Without a header each row is judged by itself."""
    found = read("1\n2,two\n3,three,x\n", CSV, text_column="1")
    assert (found.texts, found.problems) == (["", "two", "three"], {0: "row 1"})


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"fields": "id"}, {"id": "1"}),
        ({"fields": "id,x"}, {"id": "1", "x": None}),
        ({"fields": "*"}, {"id": "1", "n": ""}),
        ({"fields": "0", "header": "absent", "text_column": "1"}, {"0": "id"}),
        ({"fields": "*", "header": "absent", "text_column": "1"}, {"0": "id", "2": "n"}),
    ],
)
def test_other_columns_are_kept_on_request(
    options: dict[str, Any], expected: dict[str, Any]
) -> None:
    """By their names, or without a header by their numbers."""
    assert read("id,text,n\n1,one,\n", CSV, **options).fields[0] == expected


@pytest.mark.parametrize("delimiter", get_args(Delimiter))
@pytest.mark.parametrize("first", ["", "id{}note\n"])
@pytest.mark.parametrize("options", [{}, {"text_column": "1", "header": "absent"}])
def test_table_without_a_known_name_is_refused(
    delimiter: Delimiter, first: str, options: dict[str, Any]
) -> None:
    """None of its rows is a text, whatever separates its fields; who says that is answered."""
    body = (first + "1{}one\n2{}two\n").replace("{}", DELIMITERS[delimiter])
    if delimiter != "comma":
        with pytest.raises(RequestError, match=f"a table that {delimiter}s separate"):
            read(body, CSV, **options)
    elif not options:
        with pytest.raises(RequestError, match="a row has 2 fields where 1 is expected"):
            read(body, CSV)
    said = f"{CSV}; text_column=1; header=absent; delimiter={delimiter}"
    assert read(body, said).texts[-2:] == ["one", "two"]


def test_type_says_what_separates_fields() -> None:
    """A tab, in the type that has it in its name; a parameter goes before."""
    tabs = "text/tab-separated-values"
    assert read("id\ttext\n1\tone, two\n", tabs).texts == ["one, two"]
    assert read("1\tone\n", f"{tabs}; text_column=1").texts == ["one"]
    assert read("1;one\n", f"{tabs}; text_column=1; delimiter=semicolon").texts == ["one"]


@pytest.mark.parametrize(
    ("body", "options"),
    [("Text,text\none,two\n", {}), ("id,id,text\n1,2,one\n", {"fields": "id"})],
)
def test_two_columns_of_one_name_are_refused(body: str, options: dict[str, Any]) -> None:
    """One of them would be taken, and nobody would know which."""
    with pytest.raises(RequestError, match=r"columns (are named|have the same name)"):
        read(body, CSV, **options)


@pytest.mark.parametrize(
    ("body", "texts", "bad"),
    [
        ('1,"Worst service\n2,"fine, thanks"\n3,good\n', ["", "fine, thanks", "good"], [0]),
        ('1,"one\n2,two\n3,three"\n', ["", "two", 'three"'], [0]),
        ('1,say ""hi""\n2,5" wide\n', ['say ""hi""', '5" wide'], []),
        ('1,one\r\n\n2,"a"b\n3,"x ""y"""\n', ["one", "", "", 'x "y"'], [1, 2]),
        ('"\n"\n"\n', ["", "", ""], [0, 1, 2]),
        ("1,one\rtwo\n2,two\n", ["", "two"], [0]),
    ],
)
def test_each_line_is_a_record_in_batch_transform(
    body: str, texts: list[str], bad: list[int]
) -> None:
    """Whatever quotation marks it holds: the platform cuts and joins at line breaks."""
    found = read(body, CSV, batch=True, text_column="1", header="absent")
    assert found.texts == texts
    assert found.problems == {index: f"line {index + 1}" for index in bad}


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        ('1, "pay, please,"\n2,  "say ""hi"""\n', ["pay, please,", 'say "hi"']),
        ('"1", "one"\r\n 2 ,two\r\n', ["one", "two"]),
        ('1, "so" he said\n2, "wide\n3, "\n', [' "so" he said', ' "wide', ' "']),
        ('1,"he said, ""so"" and left"\n', ['he said, "so" and left']),
        ('1,he said "so"\n', ['he said "so"']),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "|"])
@pytest.mark.parametrize("batch", [True, False])
def test_spaces_before_quotation_marks_are_no_text(
    rows: str, texts: list[str], delimiter: str, *, batch: bool
) -> None:
    """Some write a space behind each delimiter; marks that quote no whole field are text."""
    for header in ("id,text\n", '"id", "text"\n'):
        body = (header + rows).replace(",", delimiter)
        found = read(body, CSV, batch=batch)
        expected = [text.replace(",", delimiter) for text in texts]
        assert (found.texts, found.problems) == (expected, {})


def test_space_and_mark_within_a_quoted_field_are_text() -> None:
    """A line that goes on with a field of the line before begins none."""
    body = 'id,text\n1,"he\nsaid, ""so"", and\nhe, ""meant"" it"\n2, "fine"\n'
    assert read(body, CSV).texts == ['he\nsaid, "so", and\nhe, "meant" it', "fine"]
    body = 'id,text,n\n1,"a\nb, ",2\n'
    assert read(body, CSV).texts == ["a\nb, "]


TABS = "text/tab-separated-values"


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        ('1\t"bill pay\n2\tcancel it"\n', ['"bill pay', 'cancel it"']),
        ('1\t"5 inch" bill\n2\ta 5" pipe\n', ['"5 inch" bill', 'a 5" pipe']),
        ('1\t"bill, pay"\n2\t"say ""hi"""\n', ["bill, pay", 'say "hi"']),
        ('1\t"bill\tpay"\n2\t"cancel\tit"\n', ["bill\tpay", "cancel\tit"]),
        ('1\t"\n2\t""\n3\t"""\n', ['"', "", '"""']),
    ],
)
@pytest.mark.parametrize(
    ("media_type", "header", "options"),
    [
        (TABS, "id\ttext\n", {}),
        (TABS, "", {"text_column": "1"}),
        (CSV, "id\ttext\n", {}),
        (CSV, "", {"text_column": "1", "delimiter": "tab"}),
    ],
)
@pytest.mark.parametrize("batch", [True, False])
def test_quotation_marks_between_tabs_are_mostly_text(  # noqa: PLR0913 - all that tells rows
    rows: str,
    texts: list[str],
    media_type: str,
    header: str,
    options: dict[str, Any],
    *,
    batch: bool,
) -> None:
    """As in training: a line with all its fields is a row, whatever marks it holds."""
    found = read(header + rows, media_type, batch=batch, **options)
    assert (found.texts, found.problems) == (texts, {})


def test_lines_between_tabs_are_joined_where_that_makes_a_row() -> None:
    """As programs quote line breaks; in batch transform each line has its answer."""
    body = 'id\ttext\n1\t"one\n\ntwo"\n2\t"three\n3\t"a"b\n4\t"four"\n'
    texts = ["one\n\ntwo", '"three', '"a"b', "four"]
    for media_type in (TABS, CSV):
        assert read(body, media_type).texts == texts
        assert read(body, media_type, batch=True, quoted_line_breaks=True).texts == texts
        found = read(body, media_type, batch=True)
        assert (len(found.texts), found.problems) == (6, {1: "line 3", 2: "line 4"})


def test_marks_that_open_again_and_again_do_not_take_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each would look through all lines behind it."""
    monkeypatch.setattr(tab_rows, "SPARE_LINES", 100)
    with pytest.raises(RequestError, match="too many quotation marks are opened"):
        read("id\ttext\n" + '"\ta"\t"b\n' * 50, TABS)
    assert len(read("id\ttext\n" + '1\t"a\n' * 500, TABS).texts) == 500


@given(cells=st.lists(st.text(st.sampled_from('a"\t\n\r ')), min_size=1), header=st.booleans())
def test_any_tabs_and_marks_lose_no_line(cells: list[str], *, header: bool) -> None:
    """As many records as line breaks in batch transform, and one for what is behind the last."""
    body = ("id\ttext\n" if header else "a\n") + "".join(cells)
    found = read(body, TABS, batch=True, text_column="" if header else "0")
    assert len(found.texts) + header == body.count("\n") + (not body.endswith("\n"))


@given(st.lists(st.tuples(st.sampled_from("xy"), st.text('ab" \n', max_size=8)), min_size=1))
def test_what_programs_quote_between_tabs_is_read_as_it_was(rows: list[tuple[str, str]]) -> None:
    """Whatever marks and line breaks the texts hold."""
    body = io.StringIO(newline="")
    csv.writer(body, "excel-tab", quoting=csv.QUOTE_ALL).writerows([("id", "text"), *rows])
    assert read(body.getvalue(), TABS).texts == [text for _, text in rows]


@given(st.lists(st.text(st.sampled_from('a",;\n\r ')), min_size=1))
def test_any_lines_have_their_records(cells: list[str]) -> None:
    """As many records as line breaks, and one for what is behind the last."""
    body = "a\n" + "".join(cells)
    found = read(body, CSV, batch=True, header="absent")
    assert len(found.texts) == body.count("\n") + (not body.endswith("\n"))


def test_setting_lets_a_record_have_several_lines() -> None:
    """For files that are sent whole."""
    body = 'text\n"one\ntwo"\nthree\n'
    found = read(body, CSV, batch=True, quoted_line_breaks=True)
    assert (found.texts, found.problems) == (["one\ntwo", "three"], {})


@pytest.mark.parametrize("body", ["text\n", "id,review\n", "\ufeffid;text"])
def test_header_alone_is_no_mistake_in_batch_transform(body: str) -> None:
    """A part of a table may have no rows."""
    (piece,) = read(body, CSV, batch=True).pieces
    assert (piece.texts, piece.has_header) == ([], True)
    with pytest.raises(RequestError, match="no documents"):
        read("text\n", CSV)


def test_line_that_names_the_separator_has_its_answer_in_batch_transform() -> None:
    """As an empty line has: the answers are joined to the lines."""
    found = read("sep=;\nid;text\n1;one\n", CSV, batch=True)
    assert (found.problems, found.texts) == ({0: "line 1"}, ["", "one"])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
@pytest.mark.parametrize("batch", [True, False])
def test_text_of_two_bytes_a_character_is_refused(encoding: str, *, batch: bool) -> None:
    """As Excel saves Unicode text: some of its lines would pass for UTF-8."""
    for media_type in (CSV, LINES, PLAIN):
        with pytest.raises(RequestError, match="it is not UTF-8"):
            read("text\none\n".encode(encoding), media_type, batch=batch, lines=True)


@pytest.mark.parametrize(
    "body", [gzip.compress(b"text\none\n", mtime=0), b"PK\x03\x04\x14\x00\nxl/\n\xffone\n"]
)
def test_packed_body_is_refused(body: bytes) -> None:
    """As batch transform sends files that are packed, and spreadsheets that are named CSV."""
    for media_type in (CSV, LINES, PLAIN):
        with pytest.raises(RequestError, match="it is a packed file"):
            read(body, media_type, batch=True)
    for small in (True, False):
        with pytest.raises(RequestError, match="it is a packed file"):
            read(body, JSON, small=small)
    with pytest.raises(RequestError, match="it is a packed file"):
        read(body, PLAIN, lines=False)
