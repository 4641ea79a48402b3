"""Tab-separated lines; ``contract/tab_separated.py`` says what quotation marks are in them."""

from collections.abc import Iterator

from text_classification.contract.tab_separated import unquoted
from text_classification.corpus.readers.line_reader import Lines


def tab_records(lines: Lines, width: int) -> Iterator[list[str]]:
    """Yield the fields of each record, of which most have ``width``."""
    for line in lines:
        text = line.rstrip("\r\n")
        fields = text.split("\t")
        if '"' in text:
            fields = unquoted(line, fields, lines, width)
        if text:
            yield fields
        lines.next_record()
