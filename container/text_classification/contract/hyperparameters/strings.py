"""What a client meant by the string of a hyperparameter."""

import json
from typing import Any

# What stands for no value: nothing, Python's None and JSON's null.
NOTHING = ("", "None", "null")


def decode(value: Any) -> Any:
    """Return what a client meant by a hyperparameter's string: one layer of quotes is taken off.

    >>> decode('"words"'), decode(' 10 '), decode("words"), decode(7)
    ('words', '10', 'words', 7)
    """
    if not isinstance(value, str):
        return value
    stripped = value if value == "\t" else value.strip()  # a tab is a delimiter
    if len(stripped) > 1 and stripped[0] == stripped[-1] == '"':
        try:
            return json.loads(stripped)
        except ValueError:
            return stripped[1:-1]
    return stripped


def is_nothing(value: Any) -> bool:
    """Tell whether a decoded value says that none was set.

    >>> is_nothing(None), is_nothing("null"), is_nothing("none"), is_nothing(0)
    (True, True, False, False)
    """
    return value is None or (isinstance(value, str) and value in NOTHING)


def is_text(value: Any) -> bool:
    """Tell whether all strings in a value are text, as half a character of UTF-16 is not."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, TypeError, RecursionError):
        return not isinstance(value, str | list | dict)
    return True
