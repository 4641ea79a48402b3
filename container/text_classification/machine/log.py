"""Configure the log of a job or a server."""

import logging
import sys
from typing import TextIO

from text_classification.errors import one_line

FORM = "%(asctime)s %(levelname)s %(message)s"


def log_to_stdout(form: str = FORM) -> None:
    """Print what is logged; form: that of a line."""
    logging.basicConfig(level=logging.INFO, handlers=[_handler(sys.stdout, form)])


def log_warnings_to_stderr() -> None:
    """Print warnings and errors alone, and there, from here on."""
    logging.basicConfig(level=logging.WARNING, handlers=[_handler(sys.stderr, FORM)], force=True)


def _handler(stream: TextIO, form: str) -> logging.Handler:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_OneLine(form))
    return handler


class _OneLine(logging.Formatter):
    """A message is one line, so that names of files, labels and channels cannot forge another."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        return one_line(super().formatMessage(record))
