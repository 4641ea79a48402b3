"""Records of a body, a manageable number at a time, with the bad ones among them told apart."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.format.negotiation import RequestFormat
from text_classification.serving.predictions.limits.document_limits import Limits

# A piece of a body is answered when it has so many records or characters.
PIECE_RECORDS = 2048
PIECE_CHARACTERS = 1 << 20
# An explanation takes some hundred bytes a token.
EXPLAINED_CHARACTERS = 1 << 20
# A body is refused after so many bad records, where they are more than the good ones.
MOST_BAD = 1000

Fields = Mapping[str, Any]
NO_FIELDS: Fields = {}


class Document(NamedTuple):
    """A text, the fields of its record that were asked for, and how many labels it asks for."""

    text: str
    fields: Fields = NO_FIELDS
    listed: int | None = None


class Problem(NamedTuple):
    """Why a record has no text to answer; never a word of it.

    code and status: those of its error, and of the request where that fails for it.
    """

    message: str
    remedy: str = ""
    code: Code = Code.BODY_INVALID
    status: int = 400

    def error(self, where: str = "") -> RequestError:
        """Return the error of a body or record, which stands there."""
        return RequestError(self.status, self.code, self.message, where=where, remedy=self.remedy)


Found = Document | Problem
EMPTY = Problem("the line is empty")
HEADER = Problem("the row names the columns")
NOT_UTF8 = Problem("it is not UTF-8", "Encode the body as UTF-8.")


@dataclass
class Records:
    """Some records of a body, in order.

    texts, fields: of each record; where it is bad, they are empty and problems holds the reason
    under its index. listed: by index, how many labels a record asks for itself. characters: of
    texts and fields. has_header: whether a row of names came before.
    """

    texts: list[str] = field(default_factory=list)
    fields: list[Fields] = field(default_factory=list)
    listed: dict[int, int] = field(default_factory=dict)
    problems: dict[int, RequestError] = field(default_factory=dict)
    characters: int = 0
    has_header: bool = False

    def add(self, document: Document) -> None:
        """Append a record."""
        if document.listed:
            self.listed[len(self.texts)] = document.listed
        self.texts.append(document.text)
        self.fields.append(document.fields)
        self.characters += len(document.text)
        if document.fields:
            self.characters += _size(document.fields)

    def refuse(self, problem: RequestError) -> None:
        """Append a bad record."""
        self.problems[len(self.texts)] = problem
        self.add(Document(""))

    @property
    def full(self) -> bool:
        """Whether these are enough to be answered."""
        return len(self.texts) >= PIECE_RECORDS or self.characters >= PIECE_CHARACTERS


def _size(fields: Fields) -> int:
    """Return about how many characters fields have that are to be given back."""
    try:
        return len(str(fields))
    except RecursionError:
        return PIECE_CHARACTERS  # nested as deeply as can be


def invalid(message: str, remedy: str = "", where: str = "") -> RequestError:
    """Return the error of a body or a record that cannot be understood."""
    return RequestError(400, Code.BODY_INVALID, message, where=where, remedy=remedy)


@dataclass(frozen=True)
class Body:
    """What a body holds, and the format of its answer, for which it may have options itself."""

    request_format: RequestFormat
    pieces: Iterator[Records]


def gather(found: Iterable[Found], unit: str, request_format: RequestFormat) -> Iterator[Records]:
    """Yield what was found in a body in pieces.

    unit: what is counted, "line" or the like, to say where a bad record is. Raises
    ``RequestError`` for a body without a record, for one with too many, for a bad record where
    ``strict`` was asked for, and for a body of bad records alone, or of many that are mostly bad,
    unless a line for each line is due.
    """
    records = Records()
    judge = _Judge(request_format)
    for number, each in enumerate(_within(found, request_format), 1):
        if isinstance(each, Document):
            judge.good += 1
            records.add(each)
        elif each is HEADER:
            records.has_header = True
        elif each is not EMPTY or request_format.line_for_line:
            problem = each.error(f"{unit} {number}")
            judge.refuse(problem)
            records.refuse(problem)
        if records.full:
            yield records
            records = Records()
    judge.end(has_header=records.has_header)
    if records.texts or records.has_header:
        yield records


class _Judge:
    """Decides when bad records fail a whole body."""

    def __init__(self, request_format: RequestFormat) -> None:
        self.good = 0
        self._bad = 0
        self._first: RequestError | None = None
        self._strict = request_format.options.strict
        self._all_are_answered = request_format.line_for_line

    def refuse(self, problem: RequestError) -> None:
        """Count a bad record; raise ``RequestError`` where it is one too many."""
        if self._strict:
            raise problem
        self._first = self._first or problem
        self._bad += 1
        if self._bad >= MOST_BAD and self._bad > self.good and not self._all_are_answered:
            raise self._mostly_bad(self._first)

    def _mostly_bad(self, first: RequestError) -> RequestError:
        count = self.good + self._bad
        message = f"{self._bad} of the first {count} records are bad, this one first: "
        return RequestError(
            first.status,
            first.code,
            message + first.message,
            where=first.where,
            remedy=first.remedy,
        )

    def end(self, *, has_header: bool) -> None:
        """Raise ``RequestError`` for a body without a good record."""
        if self.good or (self._all_are_answered and (self._first or has_header)):
            return
        raise self._first or invalid("the body holds no documents", "Send at least one document.")


def _within(found: Iterable[Found], request_format: RequestFormat) -> Iterable[Found]:
    if request_format.options.explain:
        found = map(_explainable, found)
    return _limited(found, request_format) if request_format.limits else found


def _explainable(found: Found) -> Found:
    """Return what was found, or the problem that explaining it would take too much memory."""
    if not isinstance(found, Document) or len(found.text) <= EXPLAINED_CHARACTERS:
        return found
    return Problem(
        f"a document of more than {EXPLAINED_CHARACTERS} characters is not explained",
        "Send less of it, or ask without explain.",
        Code.DOCUMENT_TOO_LONG,
        413,
    )


def _limited(found: Iterable[Found], request_format: RequestFormat) -> Iterator[Found]:
    """Yield what was found within the limits, with a problem in place of what is too long.

    Batch transform decides itself how many records it sends.
    """
    limits = request_format.limits
    count = 0
    for each in found:
        count += each is not EMPTY and each is not HEADER
        if limits.too_many(count) and not request_format.line_for_line:
            raise RequestError(
                413,
                Code.RECORDS_TOO_MANY,
                f"the body holds more than {limits.records} records",
                remedy="Send fewer a request, or set MAX_RECORDS.",
            )
        too_long = isinstance(each, Document) and limits.too_long(each.text)
        yield _too_long(limits) if too_long else each


def _too_long(limits: Limits) -> Problem:
    return Problem(
        f"the document has more than {limits.tokens} tokens",
        "Send less of it, or set MAX_TOKENS.",
        Code.DOCUMENT_TOO_LONG,
        413,
    )
