"""Whether labels are classes: they are not where nearly each document has one of its own.

Nor where there are more of them than texts.
"""

import logging
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from text_classification.corpus.interning import WRONG_COLUMNS
from text_classification.corpus.label import shown
from text_classification.errors import Code, DataError
from text_classification.kernels.arrays import Indices
from text_classification.training.inputs.part import Part

# From so many documents on, labels that nearly all differ are no classes.
ENOUGH_DOCUMENTS = 20
# So many documents are looked at for different texts.
_LOOKED_AT = 50_000
# What pandas, SQL, Hive and spreadsheets write for no value.
_MISSING = frozenset({"nan", "none", "null", "nil", "na", "n/a", "#n/a", "<na>", "nat", "\\n"})
_JOINING = ",;|+&/"
# Dashes and quotation marks that programs write for those on the keyboard.
_MARKS = str.maketrans(
    dict.fromkeys("\u2012\u2013\u2014\u2015\u2212", "-")
    | dict.fromkeys("\u2018\u2019\u02bc\u2032`\u00b4", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u2033", '"')
)
# Letters of Cyrillic and Greek that are drawn as these (Unicode's confusables.txt, UTS 39).
_LATIN = str.maketrans(
    "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf",
    "ABESIJKMHOPCTYX" + "aeopcyxsij" + "ABEZHIKMNOPTYXo",
)
_BETWEEN_WORDS = re.compile(r"(?<=[^\W\d_])[\s_-]+(?=[^\W\d_])")

log = logging.getLogger(__name__)


def check_labels(names: tuple[str, ...], counts: Indices) -> None:
    """Raise ``DataError`` for labels that are no classes, and warn of those that may not be.

    counts: int64 [labels], the training documents of each.
    """
    if len(names) < 2:  # noqa: PLR2004 - a choice needs two
        raise DataError(
            Code.LABELS_INVALID,
            f"all {counts.sum()} training documents have the label '{names[0]}'",
            remedy="Give documents of at least two classes; check which column is the label.",
        )
    total = int(counts.sum())
    if len(names) == total or (total >= ENOUGH_DOCUMENTS and 2 * len(names) > total):
        raise DataError(
            Code.LABELS_INVALID,
            f"the {total} training documents have {len(names)} labels, nearly each one of its own",
            remedy=WRONG_COLUMNS,
        )
    alone = [name for name, count in zip(names, counts, strict=True) if count == 1]
    if alone:
        log.warning(
            "%d of %d classes have one document, which is trained on and cannot be validated: %s",
            len(alone),
            len(names),
            shown(alone),
        )
    missing = [name for name in names if name.casefold() in _MISSING]
    if missing:
        log.warning(
            "%s: programs write this where a value is missing; here it is a class. If the label of "
            "these documents is missing, leave them out",
            shown(missing),
        )
    joined = _joined(names)
    if joined:
        log.warning(
            "%s: these labels are classes of their own, and look like several in one; a document "
            "has one label",
            shown(joined),
        )
    for alike in _alike(names):
        log.warning("%s: these labels are classes of their own, and look like one", shown(alike))


def check_texts(training: Part) -> None:
    """Raise ``DataError`` where a channel has fewer texts than labels, as columns swapped have.

    Of a large channel a sample is looked at, and of that no more than shows enough texts.
    """
    looked_at = training.thinned(_LOOKED_AT)
    labels = len(np.unique(looked_at.labels))
    texts: set[bytes] = set()
    for document in looked_at.documents.tolist():
        ids = looked_at.corpus.document(document)
        if len(ids):
            texts.add(ids.tobytes())
        if len(texts) >= labels:
            return
    if texts and len(looked_at) >= ENOUGH_DOCUMENTS:
        raise DataError(
            Code.LABELS_INVALID,
            f"the training documents have {labels} labels and only {len(texts)} different texts",
            remedy=WRONG_COLUMNS,
        )


def _joined(names: Sequence[str]) -> list[str]:
    """Return the labels that others make when they are put together: "A|B" beside "A" and "B"."""
    known = set(names)
    return [
        name
        for name in names
        if any(len(parts) > 1 and known.issuperset(parts) for parts in _parts(name))
    ]


def _parts(name: str) -> Iterator[list[str]]:
    return ([part.strip() for part in name.split(each)] for each in _JOINING if each in name)


def _alike(names: Sequence[str]) -> list[list[str]]:
    """Return the labels that differ in no more than case, or in how characters are written."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for form in {_caseless(name), _as_drawn(name)}:
            groups[form].append(name)
    found = [tuple(group) for group in groups.values() if len(group) > 1]
    return list(map(list, dict.fromkeys(found)))


def _caseless(name: str) -> str:
    """Return a label as all that differ in case, or in the width of digits, are written.

    So are "Policy change" and "POLICY_CHANGE".
    """
    folded = unicodedata.normalize("NFKC", name.translate(_MARKS)).casefold()
    return _BETWEEN_WORDS.sub(" ", folded)


def _as_drawn(name: str) -> str:
    """Return a label with letters of Latin for those of Cyrillic and Greek that look so."""
    return name.translate(_LATIN)
