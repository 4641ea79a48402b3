"""kernels/records.py: the records of a delimited text; test_plain.py holds them to the readers."""

import pytest

from text_classification.kernels.records import SplitRecords, split_records


def split(content: bytes, quoting: str = "standard", width: int = 2) -> SplitRecords | None:
    """Return the records of a text with the label before the text."""
    return split_records(
        content, delimiter=",", quoting=quoting, width=width, label=0, text=width - 1
    )


def test_texts_are_joined_and_labels_found() -> None:
    """Marks around a field go, those inside are one again, and lines are counted."""
    content = b'x,"a ""b"", c\nd"\r\n\n"y",\xc3\xa9\nz,'
    found = split(content)
    assert found
    assert found.texts.tobytes() == b'a "b", c\nd\xc3\xa9'
    assert found.ends.tolist() == [10, 12, 12]
    assert [content[start:end] for start, end in found.labels] == [b"x", b"y", b"z"]
    assert found.ascii.tolist() == [True, False, True]
    assert found.lines == 5


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n\n"])
def test_nothing_holds_no_records(content: bytes) -> None:
    """Nor do blank lines."""
    found = split(content)
    assert found
    assert len(found.ends) == len(found.texts) == 0


def test_marks_are_what_they_are_said_to_be() -> None:
    """Part of the text, around fields, or around those of one line."""
    content = b'x,"one"\n'
    texts = {
        quoting: found.texts.tobytes()
        for quoting in ("none", "standard", "loose")
        if (found := split(content, quoting))
    }
    assert texts == {"none": b'"one"', "standard": b"one", "loose": b"one"}
    assert split(b'x,"a\nb"\n', "loose") is None
    assert split(b'x,"a,b"\n', "none") is None


@pytest.mark.parametrize(("label", "text"), [(0, 0), (0, 2), (2, 0), (-1, 1), (0, -1)])
def test_places_beyond_the_fields_are_refused(label: int, text: int) -> None:
    """The kernel would give a record no label."""
    with pytest.raises(ValueError, match="two of the fields"):
        split_records(b"", delimiter=",", quoting="none", width=2, label=label, text=text)
