"""Whether the encoding that is set can be that of a file, by its first bytes."""

import codecs
import logging
import re

from text_classification.errors import Code, DataError

# Of these a mark tells the order of the bytes.
_MARKED = frozenset({"utf-16", "utf-32"})
_CONTROLS = re.compile(rb"[\x80-\x9f]")


def warn_of_encoding(start: bytes, encoding: str, where: str, log: logging.Logger) -> None:
    """Warn where the first bytes of a file without a mark tell another encoding than is set."""
    name = codecs.lookup(encoding).name
    if name == "utf-8" or start.isascii():
        return
    if _is_utf8(start):
        log.warning(
            "%s: its bytes are UTF-8, and it is read as encoding=%s, as is set; words with other "
            "letters than English ones will be garbled if that is wrong",
            where,
            encoding,
        )
    elif name.startswith("iso8859") and _CONTROLS.search(start):
        log.warning(
            "%s: it has bytes from 0x80 to 0x9f, which are control characters in encoding=%s, as "
            "is set; Windows writes quotation marks and other characters so, in cp1252 and the "
            "like",
            where,
            encoding,
        )


def refuse_unmarked(encoding: str, where: str) -> None:
    """Raise ``DataError`` where an encoding needs a byte order mark; the file has none."""
    if encoding in _MARKED:
        raise DataError(
            Code.FILE_UNREADABLE,
            f"encoding is {encoding}, and the file has no byte order mark, which would tell the "
            "order of its bytes",
            where=where,
            remedy=f"Set encoding to {encoding}-le (as Windows writes it) or {encoding}-be.",
        )


def _is_utf8(start: bytes) -> bool:
    """Tell whether bytes are UTF-8, of which the last character may be cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return True
