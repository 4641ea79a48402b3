"""Open a file of a channel: plain or gzip, and see what is inside."""

import gzip
import io
import json
import re
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO, Literal, cast

Format = Literal["csv", "tsv", "jsonlines", "json", "blazingtext", "parquet"]

BOM = b"\xef\xbb\xbf"
GZIP_MAGIC = b"\x1f\x8b"
SNIFFED_BYTES = 1 << 16
# A document of more characters is a mistake, or a small archive that unpacks to one line.
LONGEST_LINE = 1 << 26
_NESTED_FIRST_VALUE = re.compile(rb'\{\s*"[^"]*"\s*:\s*[\[{]')

_BY_CONTENT_TYPE: dict[str, Format] = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/jsonlines": "jsonlines",
    "application/x-ndjson": "jsonlines",
    "application/json": "json",
    "application/x-parquet": "parquet",
    "application/vnd.apache.parquet": "parquet",
}
_BY_SUFFIX: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".jsonl": "jsonlines",
    ".jsonlines": "jsonlines",
    ".ndjson": "jsonlines",
    ".parquet": "parquet",
}


def open_binary(path: Path) -> BinaryIO:
    """Open a file for reading, unpacked when its first bytes say gzip, whatever its name."""
    with path.open("rb") as file:
        packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    return cast("BinaryIO", gzip.open(path)) if packed else path.open("rb")


def open_json(path: Path) -> BinaryIO:
    """Open a file for reading behind its byte order mark, which JSON parsers do not expect."""
    file = open_binary(path)
    if file.read(len(BOM)) != BOM:
        file.seek(0)
    return file


def open_text(path: Path) -> io.TextIOWrapper:
    """Open a file as UTF-8 text, with or without a byte order mark, line breaks kept."""
    return io.TextIOWrapper(open_binary(path), encoding="utf-8-sig", newline="")


def text_lines(path: Path) -> Generator[str, None, None]:
    """Yield the lines of a file as UTF-8 text.

    Raises ``ValueError`` for one that is longer than any document can be.
    """
    with open_text(path) as file:
        while line := file.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE:
                raise ValueError(f"a line has {LONGEST_LINE} characters or more")
            yield line


def detect_format(path: Path, content_type: str = "") -> Format:
    """Return the format of a file: as declared, else by its name, else by its first bytes.

    A name that ends in .json does not tell JSON from JSON Lines, so those are looked into.
    """
    declared = _BY_CONTENT_TYPE.get(content_type.split(";", maxsplit=1)[0].strip().lower())
    name = path.with_suffix("") if path.suffix.lower() in {".gz", ".gzip"} else path
    named = _BY_SUFFIX.get(name.suffix.lower())
    if declared and declared != "json":
        return declared
    if named:
        return named
    with open_binary(path) as file:
        return _sniff(file.read(SNIFFED_BYTES))


def _sniff(start: bytes) -> Format:
    content = start.removeprefix(BOM).lstrip()
    if content.startswith(b"PAR1"):
        return "parquet"
    if content.startswith(b"__label__"):
        return "blazingtext"
    if content.startswith(b"["):
        return "json"
    if content.startswith(b"{"):
        return "jsonlines" if _first_line_is_a_record(content) else "json"
    return "csv"


def _first_line_is_a_record(content: bytes) -> bool:
    """Tell a JSON Lines file from one JSON object: pandas' columns hold objects or lists."""
    first, newline, _ = content.partition(b"\n")
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        # The first line of a pretty-printed object, or one longer than what was looked at.
        return not newline and not _NESTED_FIRST_VALUE.match(first)
    return not all(isinstance(value, dict | list) for value in record.values())
