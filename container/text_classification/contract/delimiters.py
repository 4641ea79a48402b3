"""What separates the fields of CSV, as a server and those who send files to it tell it alike."""

import itertools
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Literal

from text_classification.contract.column_names import is_header

Delimiter = Literal["comma", "semicolon", "tab", "pipe"]
SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE)
DELIMITERS: Mapping[Delimiter, str] = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


def told_delimiter(lines: Iterable[str], wanted: Collection[str] = ()) -> tuple[str, Iterable[str]]:
    r"""Return what separates the fields of lines, and all of those.

    It is told by the first line that is not empty, where that is a header without a comma or the
    line ``sep=;`` that Excel reads, in whose place an empty line is returned; it is a comma
    otherwise. wanted: further names that tell a header, in their ``plain`` form.

    >>> told_delimiter(["id;text\n", "1;good, fine\n"])[0]
    ';'
    """
    lines = iter(lines)
    before = []
    for line in lines:
        before.append(line)
        if line.strip():
            break
    separator = SEPARATOR_LINE.fullmatch(before[-1]) if before else None
    if separator:
        return separator[1], itertools.chain(before[:-1], ["\n"], lines)
    return _told_by(before[-1] if before else "", wanted), itertools.chain(before, lines)


def _told_by(header: str, wanted: Collection[str]) -> str:
    told = header if "," not in header else ""
    for each in DELIMITERS.values():
        names = [name.strip(' "\r\n') for name in told.split(each)]
        if len(names) > 1 and is_header(names, wanted):
            return each
    return DELIMITERS["comma"]
