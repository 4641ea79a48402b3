"""The documents and request bodies that servers are measured with."""

from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path

from benchmarks.servers.request_format import RequestFormat

WORDS = 175
# Documents that are sent one by one, and those of a large body.
SINGLE, BATCH = 256, 5000


def documents_of(texts: Iterable[str], count: int) -> list[str]:
    """Return so many documents of 175 words each: those of some texts, one after the other.

    They begin anew where the texts are at their end.
    """
    words = cycle([word for text in texts for word in text.split()])
    return [" ".join(islice(words, WORDS)) for _ in range(count)]


class SampleRequests:
    """Documents as bodies of requests; scratch: the folder for those that wrk reads."""

    def __init__(self, texts: Iterable[str], scratch: Path) -> None:
        self.documents = documents_of(texts, BATCH)
        self._scratch = scratch

    def single(self, form: RequestFormat) -> Path:
        """Return a file with a body a line, each of one document."""
        path = self._scratch / f"{form.body.__name__}.txt"
        bodies = [form.body([document]) for document in self.documents[:SINGLE]]
        path.write_bytes(b"\n".join(bodies) + b"\n")
        return path
