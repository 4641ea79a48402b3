"""Read an HTML page as a browser does, and hold it to what a good one keeps."""

import re
from itertools import pairwise
from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser

ELSEWHERE = re.compile(r"@import|url\((?!#)", re.IGNORECASE)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Page:
    """A page that follows HTML's grammar to the letter."""

    def __init__(self, source: str) -> None:
        parser = HTMLParser(namespace_html_elements=False)
        self.source = source
        self.root: Element = parser.parse(source)
        assert not parser.errors, parser.errors[:5]

    def all(self, tag: str) -> list[Element]:
        """Return the elements of a name, those of SVG too."""
        return [each for each in self.root.iter() if _name(each) == tag]

    def section(self, heading: str) -> Element:
        """Return the section that a heading names."""
        (found,) = (
            section for section in self.all("section") if section.get("aria-labelledby") == heading
        )
        return found

    def check(self) -> None:
        """Hold the page to what readers, screen readers and strict browsers expect of it."""
        self._check_nothing_from_elsewhere()
        self._check_references()
        self._check_headings()
        assert self.root.get("lang") == "en"
        assert all(text(title) for title in self.all("title"))
        for table in self.all("table"):
            heads = [each for each in table.iter() if _name(each) == "th"]
            assert heads
            assert all(head.get("scope") in {"row", "col"} for head in heads)
        for figure in self.all("figure"):
            (image,) = (each for each in figure.iter() if each.get("role") == "img")
            assert image.get("aria-label")
            assert any(_name(each) == "figcaption" and text(each) for each in figure)

    def _check_nothing_from_elsewhere(self) -> None:
        assert not self.all("script")
        attributes = [pair for each in self.root.iter() for pair in each.items()]
        assert not [name for name, _ in attributes if name == "src" or name.startswith("on")]
        styles = [value for name, value in attributes if name in {"style", "clip-path"}]
        styles += [text(each) for each in self.all("style")]
        assert not [style for style in styles if ELSEWHERE.search(style)]
        policy = next(each for each in self.all("meta") if each.get("http-equiv"))
        assert policy.get("content") == "default-src 'none'; style-src 'unsafe-inline'"

    def _check_references(self) -> None:
        ids = [found for each in self.root.iter() if (found := each.get("id"))]
        assert len(ids) == len(set(ids))
        targets = [
            value
            for each in self.root.iter()
            for name, value in each.items()
            if name.rpartition("}")[2] == "href"
        ]
        assert targets
        assert {target[0] for target in targets} == {"#"}
        assert {target[1:] for target in targets} <= set(ids)

    def _check_headings(self) -> None:
        levels = [
            HEADINGS.index(_name(each)) + 1 for each in self.root.iter() if _name(each) in HEADINGS
        ]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


def text(element: Element) -> str:
    """Return the words of an element, with single spaces between them."""
    return " ".join("".join(element.itertext()).split())


def rows(table: Element) -> list[list[str]]:
    """Return the cells of a table's rows."""
    return [
        [text(cell) for cell in row if _name(cell) in {"th", "td"}]
        for row in table.iter()
        if _name(row) == "tr"
    ]


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
