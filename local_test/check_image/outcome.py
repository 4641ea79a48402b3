"""What a rule finds: pass with evidence, fail with evidence, or skip with a reason."""

from dataclasses import dataclass
from enum import StrEnum

EVIDENCE_CHARACTERS = 300


class Outcome(StrEnum):
    """How a check ended; ERROR says that it could not be made."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "FAIL"
    SKIP = "skip"
    ERROR = "error"


class Failed(Exception):
    """The image does not keep to the rule; the message is the evidence."""


class Skipped(Exception):
    """The rule does not apply, or cannot be checked here; the message is the reason."""


@dataclass(frozen=True)
class Result:
    """The outcome of one rule, with its evidence in one line, and what it took."""

    rule: str
    outcome: Outcome
    evidence: str
    seconds: float


def require(holds: object, evidence: str) -> None:
    """Raise ``Failed`` with ``evidence`` unless the condition holds."""
    if not holds:
        raise Failed(evidence)


def one_line(text: str, characters: int = EVIDENCE_CHARACTERS) -> str:
    """Return ``text`` in one line that a terminal can show, cut where it is too long."""
    line = "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
    return line if len(line) <= characters else f"{line[: characters - 3]}..."
