"""BlazingText's and fastText's training lines: ``__label__X words ...``."""

from collections.abc import Iterator

from text_classification.corpus.readers.row import Row
from text_classification.corpus.readers.source import Source
from text_classification.corpus.readers.undecoded import undecoded

PREFIX = "__label__"


def read_blazingtext(source: Source) -> Iterator[Row]:
    """Yield the records of a file with a label and a text a line; empty lines are passed over."""
    for number, line in enumerate(source.lines(), source.first_line):
        if line.strip():
            problem = undecoded((line,), source.reading.encoding)
            yield Row(number, {}, *problem) if problem else _row(number, line)


def _row(number: int, line: str) -> Row:
    label, *rest = line.split(maxsplit=1)
    text = rest[0].rstrip() if rest else ""
    if not label.startswith(PREFIX):
        return Row(number, {}, f"it does not begin with {PREFIX}")
    if text.startswith(PREFIX):
        return Row(number, {}, "it has several labels; a document has one")
    return Row(number, {"label": label.removeprefix(PREFIX), "text": text})
