"""Find bytes that could not be decoded, in lines read with ``errors="surrogateescape"``."""

from collections.abc import Iterable

_ESCAPED = 0xDC00
_REMEDY = (
    "Save the file as UTF-8, or set encoding to what it is, such as cp1252 or latin-1; "
    "bad_rows=skip leaves such rows out."
)


def undecoded(lines: Iterable[str], encoding: str) -> tuple[str, str] | None:
    """Return what is wrong with lines that hold such a byte and what to do, or None.

    The lines are as ``Source.lines`` yields them, before anything is parsed.
    """
    for line in lines:
        if not line.isascii():
            try:
                line.encode()
            except UnicodeEncodeError as error:
                byte = ord(line[error.start]) - _ESCAPED
                return f"byte 0x{byte:02x} is not {encoding.upper()}", _REMEDY
    return None
