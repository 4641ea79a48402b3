"""serving/page/page_files.py."""

import re

from text_classification.serving.page.page_files import HEADERS, INDEX, WEB, page_locations


def test_the_policy_allows_nothing_that_is_not_named() -> None:
    """Nothing inline, nothing from elsewhere, in no frame."""
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert set(re.findall(r"-src '(\w+)'", policy)) == {"none", "self"}
    assert "frame-ancestors 'none'" in policy


def test_nginx_knows_every_kind_of_file() -> None:
    """A file of another kind would come as plain text."""
    known = set(re.findall(r" (\w+);", page_locations().partition("types {")[2].partition("}")[0]))
    assert {path.suffix[1:] for path in WEB.rglob("*") if path.is_file()} == known


def test_the_page_is_complete() -> None:
    """What index.html names is there."""
    named = re.findall(r'(?:href|src)="([^"]+)"', INDEX.read_text(encoding="utf-8"))
    assert named
    assert all((WEB / name).is_file() for name in named)
