"""Who visits a page: what a browser asks, without one; and the least that is a page."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Answered:
    """An answer, whatever its status; names of headers are in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body's value."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Visitor:
    """Who has a link, and knows no names below localhost, as not every program does."""

    link: str

    @property
    def key(self) -> str:
        """The key behind the #; empty where the link has none."""
        return parse_qs(urlsplit(self.link).fragment).get("key", [""])[0]

    def get(self, path: str) -> Answered:
        """Fetch a file."""
        return self.send("GET", path)

    def ask(self, value: Any, **headers: str) -> Answered:
        """Ask for predictions as the page does."""
        given = {"Content-Type": "application/json", "X-Page-Key": self.key, **headers}
        return self.send("POST", "/invocations", json.dumps(value).encode(), given)

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answered:
        """Send a request to the page's domain, which is on this machine."""
        place = urlsplit(self.link)
        request = urllib.request.Request(
            f"http://127.0.0.1:{place.port}{path}",
            data=body,
            method=method,
            headers={"Host": place.netloc, **(headers or {})},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return _answered(answer)
        except urllib.error.HTTPError as error:
            with error:
                return _answered(error)


def write_page(folder: Path) -> Path:
    """Write the least that is a page into a folder, and return the page's own."""
    page = folder / "page"
    (page / "parts").mkdir(parents=True, exist_ok=True)
    (page / "index.html").write_text("<!doctype html><title>A page</title>", encoding="utf-8")
    (page / "parts" / "main.js").write_text("export {};\n", encoding="utf-8")
    (page / "config.json").write_text('{"invocations": "elsewhere", "key": false}')
    (page / "notes.md").write_text("not for visitors")
    return page


def _answered(answer: Any) -> Answered:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answered(answer.status, headers, answer.read())
