"""JSON that anyone may have written: what Python would let pass beyond the standard is refused."""

import json
import math
from collections.abc import Sequence
from typing import Any, NoReturn


class NotFinite(ValueError):
    """A number that JSON cannot say, or that no float can hold."""


def finite(text: str) -> float:
    """Return a number. Raises ``NotFinite`` for one that no float can hold."""
    value = float(text)
    if math.isinf(value):
        raise NotFinite("a number is too large")
    return value


def no_constant(constant: str) -> NoReturn:
    """Refuse NaN and the infinities, which Python writes and reads, with ``NotFinite``."""
    raise NotFinite(f"{constant} is no number")


def parse_strictly(content: bytes) -> Any:
    """Return the value of a JSON text in UTF-8, in which no object has a name twice.

    Raises ``ValueError``, or ``RecursionError`` for one that is nested too deeply.
    """
    return _DECODER.decode(content.decode())


def _distinct(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has a name twice")
    return found


_DECODER = json.JSONDecoder(
    parse_constant=no_constant, parse_float=finite, object_pairs_hook=_distinct
)
