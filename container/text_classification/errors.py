"""The one family of errors.

::

    TextClassificationError         what happened, where, what to do, and a stable code
    ├── ConfigurationError          a hyperparameter, a channel or a setting is wrong
    ├── DataError                   the documents cannot be read or learned from
    ├── ArtifactError               the model folder cannot be trusted
    ├── ResourceError               the machine ran out of something
    └── RequestError                a caller's mistake, with its HTTP status
        └── OverloadedError         no mistake: too much to do, with the time to try again

A job writes the error to its failure file; the server answers with ``body()``. Neither ever
holds a document's text: only names, positions and limits. Names may be anyone's, so that an error
is one line, whatever they hold.
"""

from enum import StrEnum
from typing import Any

# A non-2xx answer reaches the caller of InvokeEndpoint cut at 2048 characters.
MESSAGE_LIMIT = 600


class Code(StrEnum):
    """Stable codes: callers may branch on them, so a code never changes its meaning."""

    HYPERPARAMETER_UNKNOWN = "HYPERPARAMETER_UNKNOWN"
    HYPERPARAMETER_INVALID = "HYPERPARAMETER_INVALID"
    SETTING_INVALID = "SETTING_INVALID"
    CONFIGURATION_UNREADABLE = "CONFIGURATION_UNREADABLE"
    CHANNEL_MISSING = "CHANNEL_MISSING"
    CHANNEL_EMPTY = "CHANNEL_EMPTY"
    CHANNEL_UNSUPPORTED = "CHANNEL_UNSUPPORTED"
    FILE_UNREADABLE = "FILE_UNREADABLE"
    COLUMN_MISSING = "COLUMN_MISSING"
    ROW_INVALID = "ROW_INVALID"
    LABELS_INVALID = "LABELS_INVALID"
    TRAINING_DIVERGED = "TRAINING_DIVERGED"
    PROCESS_LOST = "PROCESS_LOST"
    HOST_MISSING = "HOST_MISSING"
    HOST_LOST = "HOST_LOST"
    HOST_FAILED = "HOST_FAILED"
    HOSTS_DIFFER = "HOSTS_DIFFER"
    HOSTS_UNSUPPORTED = "HOSTS_UNSUPPORTED"
    STUDY_UNAVAILABLE = "STUDY_UNAVAILABLE"
    ARTIFACT_MISSING = "ARTIFACT_MISSING"
    ARTIFACT_CORRUPT = "ARTIFACT_CORRUPT"
    ARTIFACT_INCOMPATIBLE = "ARTIFACT_INCOMPATIBLE"
    DISK_FULL = "DISK_FULL"
    FOLDER_UNWRITABLE = "FOLDER_UNWRITABLE"
    ACCESS_DENIED = "ACCESS_DENIED"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    PORT_TAKEN = "PORT_TAKEN"
    PROGRAM_MISSING = "PROGRAM_MISSING"
    BODY_INVALID = "BODY_INVALID"
    OPTION_INVALID = "OPTION_INVALID"
    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    NOT_ACCEPTABLE = "NOT_ACCEPTABLE"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    RECORDS_TOO_MANY = "RECORDS_TOO_MANY"
    DOCUMENT_TOO_LONG = "DOCUMENT_TOO_LONG"
    CONTENT_TYPE_UNSUPPORTED = "CONTENT_TYPE_UNSUPPORTED"
    CONTENT_ENCODING_UNSUPPORTED = "CONTENT_ENCODING_UNSUPPORTED"
    MODEL_NOT_READY = "MODEL_NOT_READY"
    MODEL_LOADED_ALREADY = "MODEL_LOADED_ALREADY"
    MODEL_NOT_LOADED = "MODEL_NOT_LOADED"
    OVERLOADED = "OVERLOADED"
    TIMED_OUT = "TIMED_OUT"
    WORKER_LOST = "WORKER_LOST"
    INTERNAL = "INTERNAL"


def one_line(text: str) -> str:
    r"""Return a text without what would begin a line of its own in a log or change how it looks.

    >>> one_line("a\nb \x1b[2J \u202ec")
    'a b \\x1b[2J \\u202ec'
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in " ".join(text.split())
    )


class TextClassificationError(Exception):
    """What happened, where, and what to do about it, in one sentence each."""

    def __init__(self, code: Code, message: str, *, where: str = "", remedy: str = "") -> None:
        self.code = code
        self.message = one_line(message)
        self.where = one_line(where)
        self.remedy = one_line(remedy)
        super().__init__(self.message)

    def __str__(self) -> str:
        """Return one line: ``CODE: what happened [where]. What to do.``."""
        where = f" [{self.where}]" if self.where else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{self.code}: {self.message}{where}.{remedy}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Let an error be told by another process; by default only its message would arrive."""
        return _revived, (type(self), self.args, self.__dict__)

    def body(self) -> dict[str, Any]:
        """Return the JSON error body, the same for every answer of the server."""
        error = {"code": self.code.value, "message": self.message[:MESSAGE_LIMIT]}
        if self.where:
            error["where"] = self.where[:MESSAGE_LIMIT]
        if self.remedy:
            error["remedy"] = self.remedy[:MESSAGE_LIMIT]
        return {"error": error}


def _revived(
    kind: type[TextClassificationError], arguments: tuple[Any, ...], values: dict[str, Any]
) -> TextClassificationError:
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(values)
    return error


class ConfigurationError(TextClassificationError):
    """A hyperparameter, a channel or a setting is wrong."""


class DataError(TextClassificationError):
    """The documents cannot be read or learned from."""


class ArtifactError(TextClassificationError):
    """The model folder is missing, damaged or of another version."""


class ResourceError(TextClassificationError):
    """The machine ran out of disk, memory, ports or programs."""


class RequestError(TextClassificationError):
    """A request that cannot be answered, with the HTTP status that says so."""

    def __init__(
        self, status: int, code: Code, message: str, *, where: str = "", remedy: str = ""
    ) -> None:
        super().__init__(code, message, where=where, remedy=remedy)
        self.status = status


class OverloadedError(RequestError):
    """A request that has to come again, in ``retry_after`` seconds at the earliest."""

    def __init__(self, code: Code, message: str, *, remedy: str, retry_after: int) -> None:
        super().__init__(503, code, message, remedy=remedy)
        self.retry_after = retry_after
