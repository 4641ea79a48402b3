"""Raw text to padded token ids, for peers that carry the weights of our model."""

from collections.abc import Iterable, Sequence

import numpy as np

from text_classification.corpus.tokenizer import TOKENIZERS
from text_classification.corpus.vocabulary import FIRST_TOKEN, PADDING, UNKNOWN
from text_classification.kernels.arrays import Ids

# Documents at a time: windows of all positions are kept, which takes memory.
BATCH = 64


class Padder:
    """The project's tokenizer and a dictionary, as one would write it in Python."""

    def __init__(self, tokenizer: str, tokens: Iterable[bytes], length: int) -> None:
        self._tokenize = TOKENIZERS[tokenizer]
        self._ids = {token: index for index, token in enumerate(tokens, FIRST_TOKEN)}
        self._length = length

    def pad(self, texts: Sequence[str]) -> Ids:
        """Return the ids of texts, cut or padded to the sequence length: int32 [texts, T]."""
        padded = np.full((len(texts), self._length), PADDING, np.int32)
        get = self._ids.get
        for text, row in zip(texts, padded, strict=True):
            tokens = self._tokenize(text).split()[: self._length]
            row[: len(tokens)] = [get(token, UNKNOWN) for token in tokens]
        return padded
