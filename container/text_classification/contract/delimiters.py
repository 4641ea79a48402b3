"""What separates the fields of CSV, as a server and those who send files to it tell it alike."""

import itertools
from collections.abc import Iterable, Mapping
from typing import Literal

from text_classification.contract.column_names import is_header

Delimiter = Literal["comma", "semicolon", "tab", "pipe"]
DELIMITERS: Mapping[Delimiter, str] = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


def told_delimiter(lines: Iterable[str]) -> tuple[str, Iterable[str]]:
    r"""Return what separates the fields of lines, and all of those.

    It is told by the first line that is not empty, where that is a header without a comma; it is a
    comma otherwise.

    >>> told_delimiter(["id;text\n", "1;good, fine\n"])[0]
    ';'
    """
    lines = iter(lines)
    before = []
    for line in lines:
        before.append(line)
        if line.strip():
            break
    return _told_by(before[-1] if before else ""), itertools.chain(before, lines)


def _told_by(header: str) -> str:
    told = header if "," not in header else ""
    for each in DELIMITERS.values():
        if each in told and is_header([name.strip(' "\r\n') for name in told.split(each)]):
            return each
    return DELIMITERS["comma"]
