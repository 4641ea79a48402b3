"""Files that are no documents of ours: what they are, by their first bytes, and what to do."""

import re

from text_classification.errors import Code, DataError

_UNPACK = "Unpack it and give the files inside."
_PACK = "Pack it with gzip or zstd instead."
_EXPORT = "Export it as CSV (UTF-8), JSON Lines or Parquet."
_AS_TEXT = "Save its text as a .txt file (UTF-8), or as a record of CSV or JSON Lines."
_WRONG = "Check what was saved here: it is a page or a message, and no table of documents."

# The names inside tell what an archive of the kind zip is.
_FORMATS = tuple(
    (re.compile(pattern, re.DOTALL), name, remedy)
    for pattern, name, remedy in (
        (rb"PK\x03\x04.{0,8000}(xl/|oasis\.opendocument\.spreadsheet)", "a spreadsheet", _EXPORT),
        (rb"PK\x03\x04.{0,8000}(word/|oasis\.opendocument\.text)", "a text document", _AS_TEXT),
        (rb"PK\x03\x04.{0,8000}(ppt/|oasis\.opendocument\.presentation)", "slides", _AS_TEXT),
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Word file", _EXPORT),
        (rb"PK(\x03\x04|\x05\x06)", "a zip archive", _UNPACK),
        (rb"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
        (rb"Rar!\x1a\x07", "a rar archive", _UNPACK),
        (rb"(?=.{0,256}\x00).{257}ustar", "a tar archive", _UNPACK),
        (rb"%PDF-", "a PDF document", _AS_TEXT),
        (rb"\{\\rtf", "a rich text document", _AS_TEXT),
        (rb"SQLite format 3\x00", "an SQLite database", _EXPORT),
        (rb"\x80[\x02-\x05]|\((lp|dp)[0-9]+\n|ccopy_reg\n", "a Python pickle", _EXPORT),
        (rb"\xac\xed\x00\x05", "a Java object", _EXPORT),
        (rb"MATLAB 5\.0 MAT-file", "a MATLAB file", _EXPORT),
        (rb"(RDX|RDA)[23]\n|X\n\x00\x00\x00[\x02\x03]", "an R data file", _EXPORT),
        (rb"<stata_dta>|[il-s][\x01\x02]\x01\x00", "a Stata file", _EXPORT),
        (rb"\x00{12}\xc2\xea\x81\x60|HEADER RECORD\*{7}", "a SAS file", _EXPORT),
        (rb"\$FL[23]@\(#\)", "an SPSS file", _EXPORT),
        (rb"\x00\x01\x00\x00Standard (Jet|ACE) DB", "an Access database", _EXPORT),
        (rb".{8}DUCK.\x00", "a DuckDB database", _EXPORT),
        (rb"\x1f\x9d|LZIP", "packed by compress or lzip", _PACK),
        (rb"\x5d\x00{2}.{2}(\xff{8}|.{5}\x00{3})", "packed by lzma, of before xz", _PACK),
        (
            rb"\x1f\x8b|BZh[1-9]1AY|\xfd7zXZ|\x28\xb5\x2f\xfd|\x04\x22\x4d\x18",
            "packed twice",
            _UNPACK,
        ),
        (
            rb"x[\x01\x5e\x9c\xda][^\n]{0,80}[\x80-\xff]",
            "packed by zlib",
            _PACK,
        ),
        (rb"\x93NUMPY", "a NumPy array", _EXPORT),
        (rb"\x89HDF\r\n\x1a\n", "an HDF5 file", _EXPORT),
        (rb"ORC[^,;|\t]{0,200}\x00", "an ORC file", _EXPORT),
        (rb"Obj\x01", "an Avro file", _EXPORT),
        (rb"(ARROW|FEA)1\x00", "an Arrow file", _EXPORT),
        (rb"\xff{4}.{3}\x00\x10\x00", "an Arrow stream", _EXPORT),
        (rb"[^\x00].{2}\x00{5}.{4}\n", "TFRecord", _EXPORT),
        (rb"\x0a\x23\xd7\xce", "RecordIO", _EXPORT),
        (rb"version https://git-lfs", "a Git LFS pointer", "Fetch the file itself: git lfs pull."),
        (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a", "a picture", "Remove it: a picture holds no text."),
        (rb"(?i)(\xef\xbb\xbf)?\s*<(!doctype html|html|\?xml)", "an HTML or XML page", _WRONG),
    )
)
# ASCII in UTF-16 or UTF-32, of which every second byte or more is zero.
_WIDE = re.compile(rb"([^\x00]\x00|\x00[^\x00]){20}|([^\x00]\x00{3}|\x00{3}[^\x00]){10}")
# Of other scripts only spaces, digits and line breaks have such bytes; text of one byte has none.
_MANY_ZEROS = 0.01
_FEW_ZEROS = 3
# How mails from Japan and Korea change their alphabet, in ASCII alone (ISO-2022).
_ESCAPED = re.compile(rb"\x1b(\$[@AB]|\$[()][A-D]|\([BJ])")


def refuse_foreign(start: bytes, where: str) -> None:
    """Raise ``DataError`` for the first bytes of a file that holds something else than documents.

    where: how messages name the file.
    """
    for pattern, name, remedy in _FORMATS:
        if pattern.match(start):
            raise DataError(Code.FILE_UNREADABLE, f"the file is {name}", where=where, remedy=remedy)


def refuse_wide(start: bytes, where: str) -> None:
    """Raise ``DataError`` for text in UTF-16, UTF-32 or ISO-2022 that no byte order mark tells."""
    if _ESCAPED.search(start):
        raise DataError(
            Code.FILE_UNREADABLE,
            "the file is text in ISO-2022, which changes its alphabet on the way",
            where=where,
            remedy="Set encoding to iso-2022-jp, iso-2022-kr or what it is, or save it as UTF-8.",
        )
    if _WIDE.match(start) or start.count(0) > max(_MANY_ZEROS * len(start), _FEW_ZEROS):
        raise DataError(
            Code.FILE_UNREADABLE,
            "the file is binary, or text of two or four bytes a letter, without a byte order mark",
            where=where,
            remedy="If it is text, set encoding to utf-16-le, utf-16-be or what it is, or save it "
            f"as UTF-8; if it is the file of a program: {_EXPORT}",
        )
