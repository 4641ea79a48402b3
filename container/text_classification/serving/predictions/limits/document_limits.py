"""Limit the size and the number of documents of a body."""

from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Limits:
    """The most records of a body and tokens of a document; 0 for no limit.

    token_count: how many tokens the model makes of a text, at most one of each character.
    """

    records: int = 0
    tokens: int = 0
    token_count: Callable[[str], int] = len

    def __bool__(self) -> bool:
        """Tell whether there is a limit."""
        return self.records > 0 or self.tokens > 0

    def counted_by(self, token_count: Callable[[str], int]) -> "Limits":
        """Return these limits for a model that counts tokens so."""
        return replace(self, token_count=token_count)

    def too_many(self, records: int) -> bool:
        """Tell whether these are more records than a body may have."""
        return 0 < self.records < records

    def too_long(self, text: str) -> bool:
        """Tell whether a text has more tokens than a document may have."""
        return 0 < self.tokens < len(text) and self.tokens < self.token_count(text)


NO_LIMITS = Limits()
