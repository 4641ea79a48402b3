"""The log: what a job or a server prints."""

import logging
import sys

from text_classification.errors import one_line


def log_to_stdout(form: str = "%(asctime)s %(levelname)s %(message)s") -> None:
    """Print what is logged; form: that of a line."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_OneLine(form))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


class _OneLine(logging.Formatter):
    """A message is one line, so that names of files, labels and channels cannot forge another."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        return one_line(super().formatMessage(record))
