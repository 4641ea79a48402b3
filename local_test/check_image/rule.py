"""The registry: a rule is a function of what is checked, with what the platform does about it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from check_image.subject import Subject

Check = Callable[[Subject], str]


class Source(StrEnum):
    """How it is known what the platform does."""

    DOCUMENTED = "D"
    API = "A"
    OBSERVED = "O"
    INFERRED = "I"


class Severity(StrEnum):
    """MUST where jobs or endpoints break, SHOULD where they only serve their users badly."""

    MUST = "must"
    SHOULD = "should"


@dataclass(frozen=True)
class Rule:
    """One rule.

    identifier: ``area.name``, the area being image, training or hosting.
    platform: one sentence on what the platform does.
    lane: rules of one lane are checked one after the other, lanes side by side.
    check: returns the evidence, or raises ``Failed`` or ``Skipped``.
    """

    identifier: str
    source: Source
    severity: Severity
    platform: str
    lane: str
    check: Check

    @property
    def area(self) -> str:
        """The part of the contract: image, training or hosting."""
        return self.identifier.partition(".")[0]


RULES: dict[str, Rule] = {}


def register(
    identifier: str,
    source: Source,
    severity: Severity,
    described: Callable[..., object],
    check: Check,
) -> None:
    """Add a rule; the docstring of ``described`` tells what the platform does."""
    if identifier in RULES:
        raise ValueError(f"two rules are called {identifier}")
    platform = " ".join((described.__doc__ or "").split())
    RULES[identifier] = Rule(identifier, source, severity, platform, described.__module__, check)


def rule(
    identifier: str, source: Source, severity: Severity = Severity.MUST
) -> Callable[[Check], Check]:
    """Register the decorated function; its docstring tells what the platform does."""

    def add(check: Check) -> Check:
        register(identifier, source, severity, check, check)
        return check

    return add
