"""The formats that a transform job sends, by the suffix of a file's name."""

from dataclasses import dataclass, replace

from text_classification.contract.delimiters import DELIMITERS
from textcnn.errors import CommandError, Exit

GZIP = ".gz"


@dataclass(frozen=True)
class Format:
    """A format: its media type, that of the answers, and whether they are joined to documents.

    Each line is a record but in JSON, where a file is one. delimiter: what separates the fields of
    a table, None where it is none.
    """

    content_type: str
    accept: str
    lines: bool = True
    joins: bool = True
    delimiter: str | None = None

    def separated_by(self, delimiter: str) -> "Format":
        """Return the format of a table; only what commas separate is joined, since answers are."""
        if delimiter == self.delimiter:
            return self
        (name,) = (name for name, each in DELIMITERS.items() if each == delimiter)
        content_type = f"{self.content_type}; delimiter={name}"
        return replace(self, content_type=content_type, joins=False, delimiter=delimiter)


CSV = Format("text/csv", "text/csv", delimiter=DELIMITERS["comma"])
TSV = CSV.separated_by(DELIMITERS["tab"])
JSON_LINES = Format("application/jsonlines", "application/jsonlines")
JSON = Format("application/json", "application/json", lines=False)
# What is no CSV and no JSON cannot be joined: line 7 of the answers is that of line 7.
PLAIN = Format("text/plain; lines=true", "application/jsonlines", joins=False)

SUFFIXES = {
    ".csv": CSV,
    ".tsv": TSV,
    ".jsonl": JSON_LINES,
    ".jsonlines": JSON_LINES,
    ".ndjson": JSON_LINES,
    ".json": JSON,
    ".txt": PLAIN,
}


def format_of(name: str) -> Format:
    """Return the format of a file's or a key's name; raises ``CommandError`` for another."""
    lower = name.lower().removesuffix(GZIP)
    found = next((kind for suffix, kind in SUFFIXES.items() if lower.endswith(suffix)), None)
    if found is None:
        raise CommandError(
            f"{name} is in no format that can be sent",
            f"There are {', '.join(SUFFIXES)}, each also with {GZIP}.",
            Exit.USAGE,
        )
    return found


def is_packed(name: str) -> bool:
    """Whether a file is gzipped, by its name."""
    return name.lower().endswith(GZIP)
