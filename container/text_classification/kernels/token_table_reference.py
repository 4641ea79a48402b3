"""What token_table.c does, in Python."""

from collections.abc import Iterator, Sequence

from text_classification.kernels.arrays import Rules

# What a rule says of a byte that stays in its token is that byte.
GAP, GONE, ALONE = 256, 257, 512


def number_tokens(
    documents: Sequence[bytes], chosen: Sequence[int], rules: Rules, known: dict[bytes, int]
) -> list[list[int]]:
    """Return the number of each token of documents; ``known`` takes those that are new.

    chosen: which of the rules a document is cut by.
    """
    return [
        [known.setdefault(token, len(known)) for token in cut(document, rules[number].tolist())]
        for document, number in zip(documents, chosen, strict=True)
    ]


def cut(document: bytes, rules: Sequence[int]) -> Iterator[bytes]:
    """Yield the tokens of a document; rules: what becomes of each byte, see token_table.c."""
    token = bytearray()
    for byte in document:
        rule = rules[byte]
        if rule < GAP:
            token.append(rule)
        elif rule != GONE:
            if token:
                yield bytes(token)
                token.clear()
            if rule >= ALONE:
                yield bytes([rule - ALONE])
    if token:
        yield bytes(token)
