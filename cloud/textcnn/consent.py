"""Ask a person before something is paid for, made or deleted."""

import sys

import typer

from textcnn.errors import CommandError, Exit


def agree(question: str, *, yes: bool) -> None:
    """Go on if the person says yes, or --yes was given; raises ``CommandError`` otherwise.

    Asked on standard error, so that standard output has nothing but the result.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise CommandError(
            "this asks before it goes on, and there is no terminal to ask at",
            "Give --yes, or --dry-run to see what it would do.",
            Exit.USAGE,
        )
    if not typer.confirm(question, err=True):
        raise CommandError("nothing was done", "", Exit.INTERRUPTED)
