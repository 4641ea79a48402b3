"""machine/log.py."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from text_classification.machine.log import log_to_stdout, log_warnings_to_stderr

log = logging.getLogger(__name__)


@contextmanager
def logging_to_stdout(form: str) -> Iterator[None]:
    """Let the log be printed as in a process that begins."""
    root = logging.getLogger()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(root, "handlers", [])
        patch.setattr(root, "level", root.level)
        log_to_stdout(form)
        yield


def test_message_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever names are in it."""
    with logging_to_stdout("%(levelname)s %(message)s"):
        log.info("skipped %s", "a\nERROR b\x1b[2J")
    assert capsys.readouterr().out == "INFO skipped a ERROR b\\x1b[2J\n"


def test_traceback_keeps_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """It is for whoever looks closer."""
    with logging_to_stdout("%(message)s"):
        log.error("it failed", exc_info=ValueError("so"))
    assert capsys.readouterr().out == "it failed\nValueError: so\n"


def test_warnings_alone_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    """And no longer to where the lines of the log went."""
    with logging_to_stdout("%(message)s"):
        log_warnings_to_stderr()
        log.info("all is well")
        log.warning("all is not\nwell")
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.endswith("WARNING all is not well\n")
