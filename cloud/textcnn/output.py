"""What a command tells: lines and tables for a person, or one JSON object for a program."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from textcnn.aws import Request


class Format(StrEnum):
    """What ``--output`` may say."""

    TEXT = "text"
    JSON = "json"


class Output:
    """Writes results to standard output and everything else to standard error.

    So that ``--output json`` gives a program nothing but the result.
    """

    def __init__(self, output: Format = Format.TEXT) -> None:
        self.is_json = output == Format.JSON
        self.results = Console(highlight=False, soft_wrap=True)
        self.notes = Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, text: str, style: str = "") -> None:
        """Tell how things go; text is taken as it is, without markup."""
        self.notes.print(escape(text), style=style or None)

    def warn(self, text: str) -> None:
        """Tell something that the person should know before going on."""
        self.notes.print(f"[yellow]warning:[/] {escape(text)}")

    def table(
        self, columns: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()
    ) -> None:
        """Print a table of results; nothing for programs. right: the columns of numbers."""
        if self.is_json:
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for index, column in enumerate(columns):
            table.add_column(column, justify="right" if index in right else "left")
        for row in rows:
            table.add_row(*(escape(cell) for cell in row))
        self.results.print(table)

    def line(self, text: str, style: str = "") -> None:
        """Print a line of the result; nothing for programs."""
        if not self.is_json:
            self.results.print(escape(text), style=style or None)

    def rich(self, text: Text) -> None:
        """Print marked-up text; nothing for programs."""
        if not self.is_json:
            self.results.print(text)

    def result(self, result: Any) -> None:
        """Print the result, a dataclass or plain values, for programs; nothing for a person."""
        if self.is_json:
            values = asdict(result) if is_dataclass(result) else result  # type: ignore[arg-type]
            sys.stdout.write(json.dumps(values, default=_plain, indent=2) + "\n")

    def requests(self, requests: Iterable[Request]) -> None:
        """Print the requests of a dry run, as boto3 would be given them."""
        listed = [
            {"service": each.service, "method": each.method, "arguments": each.arguments}
            for each in requests
        ]
        sys.stdout.write(json.dumps({"dry_run": listed}, default=_plain, indent=2) + "\n")


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
