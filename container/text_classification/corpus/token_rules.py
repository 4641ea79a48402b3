"""What a tokenizer does to ASCII, as rules for each byte, by which the kernel cuts texts.

All tokenizers treat a character of ASCII alike wherever it stands in a text of ASCII, so that
each can be asked once. Other texts are cut by the tokenizer itself, and the kernel parts its tokens
where ``bytes.split`` does.
"""

import numpy as np

from text_classification.corpus.tokenizer import Tokenizer
from text_classification.kernels.arrays import Rules
from text_classification.kernels.token_table_reference import ALONE, GAP, GONE

# The two rules of a document: it is ASCII and cut by the kernel, or it is cut already.
BY_KERNEL, CUT = 0, 1
_ASCII = 128


def token_rules(tokenizer: Tokenizer) -> Rules:
    """Return the rules for texts of ASCII, and for what the tokenizer has cut: uint16 [2, 256].

    >>> token_rules(lambda text: text.lower().encode())[BY_KERNEL, ord("A")] == ord("a")
    True
    """
    rules = np.tile(np.arange(256, dtype=np.uint16), (2, 1))
    rules[BY_KERNEL, :_ASCII] = [_rule(tokenizer, chr(code)) for code in range(_ASCII)]
    rules[CUT, list(b"\t\n\v\f\r ")] = GAP
    return rules


def _rule(tokenizer: Tokenizer, character: str) -> int:
    """Return what becomes of a character: see where it stands between two others."""
    tokens = tokenizer(f"a{character}a").split()
    if tokens == [b"aa"]:
        return GONE
    if len(tokens) == 1:
        return tokens[0][1]
    between = tokens[1:-1]
    return ALONE | between[0][0] if between else GAP
