"""Documents to ids as the program did before it had kernels for it: the reference of the figure."""

from array import array
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from text_classification.corpus.encoded import EncodedCorpus
from text_classification.corpus.interning import LabelledCorpus
from text_classification.corpus.readers.row import Document
from text_classification.corpus.tokenizer import Tokenizer

BUFFER_IDS = 1 << 20


class FormerInterner:
    """Gives each distinct token the next number in a dictionary, in one process."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._ids: dict[bytes, int] = {}

    def intern(self, documents: Iterable[Document], path: Path) -> LabelledCorpus:
        """Write the ids of ``documents`` to ``path`` and return the mapped corpus."""
        labels, lengths, buffer = array("i"), array("q"), array("i")
        names: dict[str, int] = {}
        ids = self._ids
        with path.open("wb") as file:
            for document in documents:
                tokens = self._tokenizer(document.text).split()
                buffer.extend([ids.setdefault(token, len(ids)) for token in tokens])
                lengths.append(len(tokens))
                labels.append(names.setdefault(document.label, len(names)))
                if len(buffer) >= BUFFER_IDS:
                    buffer.tofile(file)
                    del buffer[:]
            buffer.tofile(file)
        offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)
        corpus = EncodedCorpus.map(path, offsets)
        return LabelledCorpus(corpus, np.array(labels, dtype=np.int32), tuple(names))

    @property
    def tokens(self) -> tuple[bytes, ...]:
        """The tokens seen so far, in the order of their ids."""
        return tuple(self._ids)
