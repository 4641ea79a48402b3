"""corpus/normal_form.py."""

import sys
import unicodedata

import pytest

from text_classification.corpus import normal_form as module
from text_classification.corpus.normal_form import normal_form


def test_what_is_passed_over_is_in_normal_form() -> None:
    """No plain character is a blank, is invisible, composes with another or stands for one."""
    invisible = module._MAY_BE_UNSEEN
    for character in module._NOT_PLAIN.sub("", "".join(map(chr, range(128, sys.maxunicode)))):
        assert unicodedata.normalize("NFC", f"a{character}") == f"a{character}"
        assert not unicodedata.combining(character)
        assert not character.isspace()
        assert not invisible.match(character)


def test_format_characters_go_unless_they_are_seen() -> None:
    """Of those that Unicode calls formats, some are numbers' signs that are drawn."""
    formats = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) == "Cf"]
    stay = {c for c in formats if c in normal_form(f"a{c}b") and c != "\u200b"}
    assert {"\u0600", "\u06dd"} <= stay
    assert not stay & {"\u00ad", "\u200e", "\u2060", "\u2069", "\ufeff", "\U000e0001"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("👩\u200d💻", "👩\u200d💻"),
        ("a\u200db👩\u200dc", "ab👩c"),
        ("🏳\ufe0f\u200d🌈", "🏳\u200d🌈"),
        ("🏴\U000e0067\U000e007f", "🏴\U000e0067\U000e007f"),
        ("🏴\U000e0067x", "🏴x"),
    ],
)
def test_emoji_stay_together(text: str, expected: str) -> None:
    """A joiner stays between two emoji, and tags stay that spell a flag."""
    assert normal_form(text) == expected
