"""Conditions that a run must bear: all at once, and one by one where that goes wrong.

A good image is done after one run; a bad one is told which condition it does not bear.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from check_image.memoize import memoize
from check_image.outcome import Failed, Skipped
from check_image.rule import Severity, Source, register
from check_image.subject import Subject

Spec = TypeVar("Spec")
Change = Callable[[Subject, Spec], None]


class Conditions(Generic[Spec]):
    """Rules each of which is a change to how a job or server is run.

    usual: returns the run as it is without conditions, or raises ``Skipped`` where even that
    fails. attempt: runs it and returns the evidence, or raises ``Failed``.
    A change raises ``Skipped`` where it does not apply to the image.
    """

    def __init__(
        self, usual: Callable[[Subject], Spec], attempt: Callable[[Subject, Spec], str]
    ) -> None:
        self._usual = usual
        self._attempt = attempt
        self._changes: dict[str, Change[Spec]] = {}
        self._together = memoize(self._try_together)

    def __call__(
        self, identifier: str, source: Source, severity: Severity = Severity.MUST
    ) -> Callable[[Change[Spec]], Change[Spec]]:
        """Register the decorated change as a rule."""

        def add(change: Change[Spec]) -> Change[Spec]:
            def check(subject: Subject) -> str:
                change(subject, self._usual(subject))
                return self._together(subject) or self._try(subject, [change])

            self._changes[identifier] = change
            register(identifier, source, severity, change, check)
            return change

        return add

    def _try_together(self, subject: Subject) -> str:
        """Return the evidence of a run under all chosen conditions; empty where it failed."""
        changes = [self._changes[name] for name in self._changes if name in subject.chosen]
        if len(changes) == 1:
            return ""
        try:
            return self._try(subject, changes)
        except Failed:
            return ""

    def _try(self, subject: Subject, changes: list[Change[Spec]]) -> str:
        """Run under those of the conditions that apply."""
        spec = self._usual(subject)
        for change in changes:
            try:
                change(subject, spec)
            except Skipped:
                continue
        return self._attempt(subject, spec)
