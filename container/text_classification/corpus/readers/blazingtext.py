"""BlazingText's and fastText's training lines: ``__label__X words ...``."""

import re
from collections.abc import Iterator

from text_classification.contract.hyperparameters.kinds import DELIMITERS
from text_classification.corpus.readers.row import Row
from text_classification.corpus.readers.source import Source
from text_classification.corpus.readers.undecoded import undecoded

PREFIX = "__label__"
_ANY_LABEL = re.compile(rf"(?<!\S){PREFIX}\S")
_DELIMITERS = tuple(DELIMITERS.values())
_REMEDY = "Name the file .csv if it is CSV; else put white space alone behind the label."


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
    name = label.removeprefix(PREFIX)
    # fastText takes every word that begins so for a label, wherever it stands.
    if PREFIX in name or (PREFIX in text and _ANY_LABEL.search(text)):
        return Row(number, {}, "it has several labels; a document has one")
    if name.endswith(_DELIMITERS):
        return Row(number, {}, f"its label ends in '{name[-1]}', as in CSV", _REMEDY)
    return Row(number, {"label": name, "text": text})
