"""The lines of a file, which can be taken again as long as no record is made of them."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TextIO

from text_classification.corpus.readers import source

SAMPLED_LINES = 100
# A file may be read so many times over, and some more, where quotation marks open that nothing
# closes.
_REREAD = 20
SPARE_LINES = 1_000_000


class Lines:
    """Lines as they come.

    taken: those of the record that is being read; first: the number of its first one. ran_out:
    whether a record that had begun asked for more lines than there are.
    """

    def __init__(self, lines: Iterable[str], first: int = 1) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self._reread = 0
        self.first = first
        self.ran_out = False
        self.taken: list[str] = []

    @classmethod
    def of(cls, file: TextIO, first: int = 1) -> "Lines":
        """Return the lines of a file, numbered from first; one is read as far as it may be long."""
        return cls(iter(partial(file.readline, source.LONGEST_LINE), ""), first)

    def __iter__(self) -> Iterator[str]:
        """Yield the lines; each is the record's until ``next_record``.

        Raises ``csv.Error`` for a record of more characters than a document can have, and
        ``ValueError`` for such a line.
        """
        taken, again, lines, held = self.taken, self._again, self._lines, 0
        longest = source.LONGEST_LINE
        while True:
            line = again.popleft() if again else next(lines, "")
            if not line:
                self.ran_out = self.ran_out or bool(taken)
                return
            held = held + len(line) if taken else len(line)
            if held >= longest:
                _refuse(line, longest)
            taken.append(line)
            yield line

    def sample(self) -> list[str]:
        """Return the first lines, which are still to come."""
        size = 0
        for line in self:
            size += len(line)
            if len(self.taken) == SAMPLED_LINES or size > source.SNIFFED_BYTES:
                break
        self._again.extend(self.taken)
        self.taken.clear()
        self.ran_out = False
        return list(self._again)

    def next_record(self) -> None:
        """Begin another record with the next line."""
        self.first += len(self.taken)
        self.taken.clear()

    def give_back(self) -> None:
        """Leave the record its first line alone; those behind it come again.

        Raises ``ValueError`` where that happens so often that the file would be read for ever.
        """
        behind = self.taken[1:]
        self._reread += len(behind)
        if self._reread > _REREAD * (self.first + len(self.taken)) + SPARE_LINES:
            raise ValueError("too many quotation marks are opened and never closed")
        self._again.extendleft(reversed(behind))
        del self.taken[1:]


def _refuse(line: str, longest: int) -> None:
    if len(line) == longest:  # the rest of it was not read
        raise ValueError(f"a line has {longest} characters or more")
    raise csv.Error(f"it has {longest} characters or more")
