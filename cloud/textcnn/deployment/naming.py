"""The names of an endpoint and its stack."""

import re

from textcnn.errors import CommandError, Exit

STACK_PREFIX = "textcnn-endpoint-"
LONGEST = 63
FORM = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9])*")
# An archive lies in a folder of its job, below one of these.
FOLDERS_OF_A_JOB = frozenset({"output", "model"})


def stack_name(endpoint: str) -> str:
    """Return the name of an endpoint's stack."""
    return f"{STACK_PREFIX}{endpoint}"


def checked(name: str) -> str:
    """Return the name of an endpoint; raises ``CommandError`` for what SageMaker refuses."""
    if len(name) <= LONGEST and FORM.fullmatch(name):
        return name
    raise CommandError(
        f"{name!r} cannot be the name of an endpoint",
        f"Take 1 to {LONGEST} letters, digits and hyphens between them: --name NAME.",
        Exit.USAGE,
    )


def from_words(words: str) -> str:
    """Return a name as near to these words as is allowed; empty where nothing is left.

    >>> from_words("letters_2026.v1-")
    'letters-2026-v1'
    """
    return re.sub(r"[^a-zA-Z0-9]+", "-", words).strip("-")[:LONGEST].strip("-")


def from_archive(key: str) -> str:
    """Return the name of the job that an archive's key tells, or of its folder.

    >>> from_archive("jobs/letters-1/output/model.tar.gz")
    'letters-1'
    """
    folders = [each for each in key.split("/")[:-1] if each not in FOLDERS_OF_A_JOB]
    return from_words(folders[-1]) if folders else ""
