"""What a person gives to be classified: a text, a file, or standard input, as a request body."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from textcnn.errors import CommandError, Exit

JSON = "application/json"
# The formats that the image reads, by the suffix of a file; all else is text.
CONTENT_TYPES = {
    ".json": JSON,
    ".jsonl": "application/jsonlines",
    ".jsonlines": "application/jsonlines",
    ".ndjson": "application/jsonlines",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
STANDARD_INPUT = "-"
HOW = "textcnn ask 'a text', textcnn ask --file FILE, or a text on standard input"


@dataclass(frozen=True)
class Body:
    """The body of a request and its content type."""

    content: bytes
    content_type: str


def read(text: str | None, file: Path | None) -> Body:
    """Return what was given; raises ``CommandError`` where it is nothing, too much or no UTF-8."""
    if text not in {None, STANDARD_INPUT} and file:
        raise CommandError("a text and --file were given", "Give one of them.", Exit.USAGE)
    if file and str(file) != STANDARD_INPUT:
        return _of_file(file)
    if text is None and not file and sys.stdin.isatty():
        raise CommandError("there is nothing to ask", f"Give a text: {HOW}.", Exit.USAGE)
    if text and not file and _is_file(text):
        raise CommandError(f"{text} is a file", f"Give it as one: --file {text}", Exit.USAGE)
    if text in {None, STANDARD_INPUT}:
        text = _decoded(sys.stdin.buffer.read(), "standard input")
    return _of_text(text or "", "the text")


def _is_file(text: str) -> bool:
    """Tell whether a text is the path of a file, which someone forgot to say."""
    try:
        return Path(text).is_file()
    except OSError:
        return False  # longer than a path can be


def _of_text(text: str, origin: str) -> Body:
    if not text.strip():
        raise CommandError(f"{origin} is empty", f"Give a text: {HOW}.", Exit.USAGE)
    return Body(json.dumps({"text": text}, ensure_ascii=False).encode(), JSON)


def _of_file(file: Path) -> Body:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CommandError(
            f"{file} cannot be read: {error.strerror}", "Correct --file.", Exit.MISSING
        ) from None
    content_type = CONTENT_TYPES.get(file.suffix.lower())
    if content_type is None:
        return _of_text(_decoded(content, str(file)), str(file))
    if not content.strip():
        raise CommandError(f"{file} is empty", "Give a file with documents.", Exit.USAGE)
    return Body(content, content_type)


def _decoded(content: bytes, origin: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(
            f"{origin} is not UTF-8: byte {error.start + 1} is {content[error.start]:#04x}",
            "Convert it, such as by `iconv -f LATIN1 -t UTF-8`.",
            Exit.USAGE,
        ) from None
