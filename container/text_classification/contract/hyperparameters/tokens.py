"""What the network reads of a document."""

from typing import Literal

from text_classification.contract.hyperparameters.declaration import Affects, Fields, hyperparameter
from text_classification.contract.hyperparameters.kinds import LengthRule, Whole


class Tokens(Fields):
    """What the network reads of a document."""

    tokenizer: Literal["words", "words_and_symbols", "whitespace"] = hyperparameter(
        "words",
        description="words: lower case, punctuation stripped, each emoji a token; "
        "words_and_symbols: lower case, each emoji, punctuation mark or symbol a token; "
        "whitespace: tokens as they stand, for hashed or already tokenized text.",
        affects=Affects.SHAPE,
    )
    max_tokens: Whole = hyperparameter(
        50_000,
        ge=1,
        le=10_000_000,
        description="The most tokens that the vocabulary keeps: the most frequent of the training "
        "documents, behind those of the model in the channel model, if there is one.",
        unit="tokens",
        affects=Affects.WEIGHTS,
        searchable=True,
    )
    network_tokens: Whole = hyperparameter(
        0,
        ge=0,
        le=10_000_000,
        description="The most tokens that the network reads, the most frequent; n-grams beside it "
        "read all that max_tokens keeps. 0: all of these. Unless set, it is 50,000 where n-grams "
        "read 100,000 documents or more.",
        unit="tokens",
        affects=Affects.WEIGHTS,
    )
    min_count: Whole = hyperparameter(
        2,
        ge=1,
        le=1_000_000,
        description="Tokens that occur less often in the training documents are left out.",
        unit="occurrences",
        affects=Affects.WEIGHTS,
        searchable=True,
    )
    sequence_length: LengthRule = hyperparameter(
        "mean",
        description="The length that documents are padded or cut to: mean, a percentile such "
        "as p95, max, or a number of tokens. Unless set, it is mean where n-grams read 100,000 "
        "documents or more beside the network.",
        unit="tokens",
        affects=Affects.WEIGHTS,
        searchable=True,
    )
