"""Pages of documentation as a reader of them sees: links, headings, blocks of code."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

PARSER = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True)
class Block:
    """A block of code and the line of the page that it begins on."""

    language: str
    content: str
    line: int


@dataclass(frozen=True)
class Page:
    """One page."""

    path: Path

    @cached_property
    def text(self) -> str:
        """What is in the file."""
        return self.path.read_text("utf-8")

    @cached_property
    def _tokens(self) -> list[Token]:
        return PARSER.parse(self.text)

    @property
    def blocks(self) -> list[Block]:
        """The blocks of code that are fenced."""
        return [
            Block(token.info.strip(), token.content, (token.map or [0])[0] + 1)
            for token in self._tokens
            if token.type == "fence"
        ]

    @property
    def links(self) -> list[str]:
        """Where links and pictures lead."""
        inline = [child for token in self._tokens for child in token.children or ()]
        found = (child.attrs.get("href", child.attrs.get("src")) for child in inline)
        return [str(target) for target in found if target]

    @property
    def anchors(self) -> set[str]:
        """The names that headings are linked by, as GitHub makes them."""
        headings = [
            following.content
            for token, following in zip(self._tokens, self._tokens[1:], strict=False)
            if token.type == "heading_open"
        ]
        return set(map(anchor, headings))


def anchor(heading: str) -> str:
    """Return the name that a heading is linked by.

    >>> anchor("Update, with roll-back")
    'update-with-roll-back'
    """
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
