"""The kinds of values that hyperparameters have, beyond plain numbers and choices."""

import codecs
import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

DELIMITERS: Mapping[str, str] = {"comma": ",", "tab": "\t", "semicolon": ";", "pipe": "|"}
DELIMITER_NAMES: Mapping[str, str] = {delimiter: name for name, delimiter in DELIMITERS.items()}
DATABASE_URL = re.compile(r"(postgresql|mysql|mariadb)(\+[a-z0-9]+)?://")
LENGTH_RULE = re.compile(r"mean|max|p(100|[1-9]?[0-9])|[1-9][0-9]{0,5}")
# A whole number that a client wrote with a point or an exponent.
WHOLE = re.compile(r"[0-9]{1,300}\.0*|[0-9]{1,300}(\.[0-9]{0,300})?[eE]\+?[0-9]{1,2}")


def _whole(value: Any) -> Any:
    """Write a whole number that a client wrote as 1e2 or 120.0 with digits alone."""
    if isinstance(value, str) and WHOLE.fullmatch(value) and float(value).is_integer():
        return str(int(float(value)))
    return value


def _integers(value: Any) -> Any:
    """Split ``[3,4,5]``, ``3,4,5`` and ``3`` into their parts; pydantic types them."""
    if isinstance(value, str):
        return [part for part in re.split(r"[\s,;\"']+", value.strip("[]() ")) if part]
    return [value] if isinstance(value, int | float) else value


def _length_rule(value: str) -> str:
    if not LENGTH_RULE.fullmatch(value):
        raise ValueError("write mean, max, a percentile such as p95, or a number of tokens")
    return value


def _distinct(values: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(values)) != len(values):
        raise ValueError("each width may be named once")
    return values


def _json(value: Any) -> Any:
    """Write an object that a client did not write as a string."""
    return json.dumps(value) if isinstance(value, dict) else value


def _database(value: SecretStr) -> SecretStr:
    if value and not DATABASE_URL.match(value.get_secret_value()):
        raise ValueError("write postgresql:// or mysql://, user:password@host/name")
    return value


def _named_delimiter(value: Any) -> Any:
    if value == "\\t":  # a tab as people write it
        return "tab"
    return DELIMITER_NAMES.get(value, value) if isinstance(value, str) else value


def _text_encoding(value: str) -> str:
    try:
        # Refuses what makes no text of bytes, or ends where some are none of its own.
        "a".encode(value).decode(value, "surrogateescape")
        return codecs.lookup(value).name
    except (LookupError, ValueError):
        raise ValueError("write the name of a text encoding that Python knows") from None


Whole = Annotated[int, BeforeValidator(_whole)]
Width = Annotated[int, Field(ge=1, le=50), BeforeValidator(_whole)]
Widths = Annotated[
    tuple[Width, ...],
    BeforeValidator(_integers),
    AfterValidator(_distinct),
    Field(min_length=1, max_length=16),
]
LengthRule = Annotated[
    str, BeforeValidator(_whole), BeforeValidator(str), AfterValidator(_length_rule)
]
Padding = Literal["valid", "same"]
Delimiter = Annotated[
    Literal["auto", "comma", "tab", "semicolon", "pipe"], BeforeValidator(_named_delimiter)
]
Quoting = Literal["auto", "standard", "none", "backslash"]
Header = Literal["auto", "present", "absent"]
Encoding = Annotated[str, AfterValidator(_text_encoding)]
JsonObject = Annotated[str, BeforeValidator(_json)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database)]
