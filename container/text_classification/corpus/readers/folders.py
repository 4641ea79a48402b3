"""What the folders of a channel tell: the class of the files inside, or fields of their records."""

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

from text_classification.contract.column_names import LABEL_NAMES, plain
from text_classification.contract.hyperparameters.kinds import DELIMITERS
from text_classification.corpus.label import shown
from text_classification.corpus.readers.dialect import recognise
from text_classification.corpus.readers.header import is_header
from text_classification.corpus.readers.line_reader import Lines
from text_classification.corpus.readers.packed import DAMAGED, PACKED_SUFFIXES
from text_classification.corpus.readers.row import Row
from text_classification.corpus.readers.source import LONGEST_LINE, Source
from text_classification.corpus.readers.splits import is_split
from text_classification.corpus.readers.undecoded import undecoded
from text_classification.errors import Code, DataError

# How Hive, and with it Spark, writes that a value is missing.
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
# So many files are looked into, and so many records make a table.
_LOOKED_INTO = 10
_TABLE_ROWS = 3
# A README and the like beside the folders; or one for each so many documents.
_FEW = 3
_MANY_TIMES = 100
_DOCUMENT_SUFFIXES = frozenset({"", ".txt", ".text", ".md", ".eml"})
_EITHER = "Give either folders that are classes, or files that hold labels."
_RENAME = "Remove it, or let its name end in .txt if it is a document."
# What tells of documents and is none.
_ABOUT = frozenset({"readme", "license", "licence", "notice", "changelog"})


def partition(path: Path) -> Mapping[str, str | None]:
    """Return the fields that the folders of a path name, as Hive and Spark write them.

    >>> partition(Path("label=POLICY%20CHANGE/part-0.parquet"))
    {'label': 'POLICY CHANGE'}
    """
    pairs = (part.partition("=") for part in path.parts[:-1] if "=" in part)
    return {
        unquote(name): None if value == _NO_VALUE else unquote(value) for name, _, value in pairs
    }


def class_files(sources: Sequence[Source], folder: Path) -> list[Source]:
    """Return the files that are a document each, in folders that are classes; none if they are not.

    They are where the files in folders are plain text that holds no labels itself. A few of other
    names among them, and a few beside several such folders, as a README, belong to no class and are
    left out. Raises ``DataError`` for many, or such as may hold labels: nobody knows which are the
    documents.
    """
    in_folders = [
        source
        for source in sources
        if source.path.parent != folder and source.path.stem.casefold() not in _ABOUT
    ]
    inside = [source for source in in_folders if _may_be_document(source)]
    strays = [source for source in in_folders if not _may_be_document(source)]
    beside = [source for source in sources if source.path.parent == folder]
    if not inside or len(strays) > len(inside) // 2:
        return []
    in_one_folder = len({source.path.parent for source in inside}) == 1
    if in_one_folder and (beside or strays or len(inside) < _TABLE_ROWS):
        return []
    if not _hold_no_labels(inside):
        return []
    _check_others(strays, "among", inside, _RENAME)
    _check_others(beside, "beside", inside, _EITHER)
    unnamed = [source for source in inside if _named_class(source) is None]
    _check_levels({source.path.parent.relative_to(folder) for source in unnamed})
    return inside


def _hold_no_labels(documents: Sequence[Source]) -> bool:
    """Tell whether most of some files hold no labels, and all that are looked into can be read."""
    looked_into = documents[:: max(len(documents) // _LOOKED_INTO, 1)]
    try:
        return sum(map(_holds_labels, looked_into)) * 2 < len(looked_into)
    except (*DAMAGED, ValueError, DataError):
        return False  # what is wrong is told when the file is read


def _check_others(
    others: Sequence[Source], where: str, documents: Sequence[Source], remedy: str
) -> None:
    """Raise ``DataError`` for files by documents that are many, or may hold labels themselves."""
    is_few = len(others) <= max(_FEW, len(documents) // _MANY_TIMES)
    unclear = list(filter(_may_hold_labels, others)) if is_few else others
    if unclear:
        holds = ", which may hold labels itself" if is_few else ""
        raise DataError(
            Code.CHANNEL_UNSUPPORTED,
            f"the channel has {len(documents)} files in folders, as documents have whose class is "
            f"the folder, and {len(others)} {where} them{holds}",
            where=unclear[0].where,
            remedy=remedy,
        )


def _may_hold_labels(source: Source) -> bool:
    """Tell whether a file holds labels, or nobody can see that it does not.

    Raises ``DataError`` for a file that is no text: it says what it is.
    """
    try:
        return bool(source.declared) or _holds_labels(source)
    except (*DAMAGED, ValueError):
        return True


def without_readmes(sources: Sequence[Source], log: logging.Logger) -> Sequence[Source]:
    """Return the files that do not tell of others by their names; all where there are no others."""
    documents = [source for source in sources if not _is_about(source)]
    if not documents:
        return sources
    for source in filter(_is_about, sources):
        log.warning("%s is left out: its name says that it holds no documents", source.where)
    return documents


def _is_about(source: Source) -> bool:
    return source.path.stem.casefold() in _ABOUT and _may_be_document(source)


def _check_levels(folders: Collection[Path]) -> None:
    """Raise ``DataError`` where folders of documents lie in others that may be the classes.

    They may where one folder holds both documents and folders of them, or where folders that are no
    parts of a split hold the same ones: ``BILL/2020``, ``CLAIM/2020``.
    """
    nested = [each for each in folders if each.parent in folders]
    names = Counter(each.name for each in folders if not is_split(each.parent.name))
    repeated = [each for each in folders if names[each.name] > 1]
    found = sorted(nested or repeated)
    if found:
        raise DataError(
            Code.CHANNEL_UNSUPPORTED,
            "the folders of the documents lie in other folders, and either may be the classes",
            where=str(found[0]),
            remedy="Give one level of folders, each a class.",
        )


def classes(sources: Sequence[Source]) -> str:
    """Return the names of the folders as a message shows them."""
    return shown(sorted(set(map(_class_name, sources))))


def read_whole(source: Source) -> Iterator[Row]:
    """Yield the one document of a file, whose class is the name of its folder."""
    with source.text() as file:
        text = file.read(LONGEST_LINE)
        if file.read(1):
            raise ValueError(f"the file has more than {LONGEST_LINE} characters")
    problem = undecoded((text,), source.reading.encoding)
    fields = {"label": _class_name(source), "text": text}
    yield Row(1, {}, *problem) if problem else Row(1, fields)


def _class_name(source: Source) -> str:
    """Return the class that a partition names, else the name of a file's folder."""
    named, name = _named_class(source), source.path.parent.name
    return named if named is not None else unquote(name.partition("=")[2]) or name


def _named_class(source: Source) -> str | None:
    """Return the class that one of a file's folders names as a label; empty where it has none."""
    wanted = {plain(source.reading.columns.label), *LABEL_NAMES}
    return next(
        (value or "" for name, value in source.folders.items() if plain(name) in wanted), None
    )


def _may_be_document(source: Source) -> bool:
    path = source.path
    name = path.with_suffix("") if path.suffix.lower() in PACKED_SUFFIXES else path
    suffix = name.suffix.lower()
    is_plain = suffix in _DOCUMENT_SUFFIXES or suffix[1:].isdecimal()
    return is_plain and not source.declared


def _holds_labels(source: Source) -> bool:
    """Tell whether a file is a table of documents or another format that holds labels."""
    if source.path.name.startswith("part-") or source.format() != "csv":
        return True
    with source.text() as file:
        lines = Lines.of(file).sample()
    columns = source.reading.columns
    sample = recognise(lines, [*DELIMITERS.values()], "auto", lambda rows: is_header(rows, columns))
    return sample.begins_with(lambda rows: is_header(rows, columns)) or (
        len(sample.rows) >= _TABLE_ROWS and sample.agrees()
    )
