"""serving/predictions/limits/document_limits.py: what is too much."""

from text_classification.serving.predictions.limits.document_limits import NO_LIMITS, Limits


def test_nothing_is_too_much_without_limits() -> None:
    """They are not even looked at."""
    assert not NO_LIMITS
    assert not NO_LIMITS.too_many(1 << 40)
    assert not NO_LIMITS.too_long("a " * 1000)


def test_as_much_as_the_limit_is_allowed() -> None:
    """One more is not."""
    limits = Limits(records=3, tokens=2).counted_by(lambda text: len(text.split()))
    assert limits
    assert [limits.too_many(count) for count in (3, 4)] == [False, True]
    assert [limits.too_long(text) for text in ("one two", "one two three")] == [False, True]


def test_short_texts_are_not_cut_to_be_counted() -> None:
    """A text has no more tokens than characters."""

    def count(text: str) -> int:
        raise AssertionError(text)

    assert not Limits(tokens=4, token_count=count).too_long("four")
