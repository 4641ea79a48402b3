"""contract/values.py."""

from pathlib import Path
from typing import Any

import pytest

from text_classification.contract.values import (
    Kind,
    choice,
    either,
    flag,
    folder,
    names,
    null,
    share,
    text,
    whole,
)

SIZE = either(whole(1), choice("all"), null())


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        (whole(0, 5), "5", 5),
        (whole(0, 5), " 0 ", 0),
        (whole(0), 1 << 40, 1 << 40),
        (whole(0), 2.0, 2),
        (share(), "0.25", 0.25),
        (share(), 1, 1.0),
        (flag(), "YES", True),
        (flag(), "off", False),
        (flag(), "T", True),
        (flag(), "n", False),
        (flag(), True, True),
        (flag(), 0, False),
        (choice("a", "b"), " B ", "b"),
        (text(3), "abc", "abc"),
        (text(), 2.5, "2.5"),
        (text(pattern="[a-c]+"), "abc", "abc"),
        (folder(), "/tmp/x", Path("/tmp/x")),
        (names(2, 3), "abc, ,d", ("abc", "d")),
        (names(2, 3), ["a,b"], ("a,b",)),
        (SIZE, "7", 7),
        (SIZE, "All", "all"),
        (SIZE, None, None),
    ],
)
def test_what_is_read(kind: Kind, given: Any, expected: Any) -> None:
    """Strings of the environment and headers mean what JSON's types mean."""
    found = kind.read(given)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (whole(0, 5), "6"),
        (whole(0, 5), -1),
        (whole(0, 5), "x"),
        (whole(0, 5), True),
        (whole(0, 5), 1.5),
        (whole(0, 5), None),
        (whole(0, 5), [1]),
        (whole(0), float("inf")),
        (whole(0), float("nan")),
        (whole(0), "9" * 5000),
        (share(), "1.1"),
        (share(), "nan"),
        (share(), True),
        (share(), {}),
        (flag(), "perhaps"),
        (flag(), None),
        (flag(), 2),
        (flag(), []),
        (choice("a"), "b"),
        (choice("a"), 1),
        (text(3), "abcd"),
        (text(), None),
        (text(), True),
        (text(pattern="[a-c]+"), "abcd"),
        (folder(), 3),
        (names(2, 3), "a,b,c"),
        (names(2, 3), "abcd"),
        (names(2, 3), [1]),
        (names(2, 3), {"a": 1}),
        (SIZE, "some"),
        (null(), "null"),
    ],
)
def test_what_is_refused(kind: Kind, given: Any) -> None:
    """The error says what the value ought to be, and nothing of the value."""
    with pytest.raises(ValueError, match="it is not ") as raised:
        kind.read(given)
    assert str(raised.value) == f"it is not {kind.words}"


@pytest.mark.parametrize(
    ("kind", "words", "schema"),
    [
        (whole(1, 5), "a whole number from 1 to 5", {"minimum": 1, "maximum": 5}),
        (whole(0), "a whole number from 0 on", {"minimum": 0}),
        (choice("a", "b", "c"), "a, b or c", {"enum": ["a", "b", "c"]}),
        (choice("a"), "a", {"const": "a"}),
        (text(3), "a text of at most 3 characters", {"maxLength": 3}),
        (text(pattern="x", words="an x"), "an x", {"type": "string"}),
    ],
)
def test_kinds_describe_themselves(kind: Kind, words: str, schema: dict[str, Any]) -> None:
    """In words for errors, as JSON Schema for documents."""
    assert kind.words == words
    assert schema.items() <= kind.schema.items()
