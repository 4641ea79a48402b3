"""One step of a removal."""

from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import ClientError

from textcnn.endpoints import is_missing

GONE = frozenset(
    {
        "NoSuchBucket",
        "NoSuchKey",
        "NoSuchUpload",
        "ResourceNotFound",
        "ResourceNotFoundException",
    }
)


@dataclass(frozen=True)
class Step:
    """What is removed, in words and by its name, and the function that does it and waits for it."""

    what: str
    name: str
    run: Callable[[], object]


def unless_gone(call: Callable[[], object]) -> bool:
    """Call, and return False where what was to be removed is gone already."""
    try:
        call()
    except ClientError as error:
        if is_missing(error) or error.response["Error"].get("Code") in GONE:
            return False
        raise
    return True
