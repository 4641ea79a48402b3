"""Cut a large file into pieces that look like whole records."""

import io
from collections.abc import Iterable, Iterator
from itertools import chain

from text_classification.corpus.readers.packed import bytes_read
from text_classification.corpus.readers.parts_file import PartsFile

# As large as is read in a fraction of a second; each costs the merging of its tokens.
PIECE_BYTES = 1 << 22
# The first piece holds all lines by which readers recognise how a file is written.
FIRST_BYTES = 1 << 19
# Pieces in which no end was found, as where a quotation mark is opened and never closed.
_MOST_WITHOUT_END = 16


class Cutter:
    """Gives a file piece by piece; and at any time what is left of it, as a file.

    is_cut: whether all that was read is in pieces. It is not where no end of a record is found, nor
    where the file cannot be read further: what is left tells then.
    """

    def __init__(self, file: io.BufferedReader, *, quoted: bool) -> None:
        """Take an open file. quoted: whether a record may hold line breaks between two marks."""
        self._file = file
        self._quoted = quoted
        self._held = b""
        self._error: Exception | None = None
        self._is_over = False
        self.is_cut = True

    def __iter__(self) -> Iterator[bytes]:
        """Yield pieces that end with a line, as far as the file can be cut."""
        least = FIRST_BYTES
        while self.is_cut:
            block = self._read()
            self._held += block
            end = self._end() if block else len(self._held)
            if self._error or len(self._held) - end > _MOST_WITHOUT_END * PIECE_BYTES:
                self.is_cut = False
            elif end >= least or (end and not block):
                least = 1
                piece, self._held = self._held[:end], self._held[end:]
                yield piece
            elif not block:
                return

    def rest(self, before: Iterable[bytes]) -> io.BufferedReader:
        """Return a file of some pieces and all that is not cut; nothing is cut from then on."""
        self.is_cut = False
        held, self._held = self._held, b""
        return io.BufferedReader(PartsFile(chain(before, [held], self._blocks()), self._file))

    def position(self) -> int:
        """Return how many bytes of the file on disk are read."""
        return bytes_read(self._file)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _read(self) -> bytes:
        if self._is_over:  # a file that came through a pipe may be closed by now
            return b""
        try:
            block = self._file.read(PIECE_BYTES)
        except Exception as error:  # noqa: BLE001 - raised where the rest is read
            self._error = error
            block = b""
        self._is_over = not block
        return block

    def _blocks(self) -> Iterator[bytes]:
        while block := self._read():
            yield block
        if self._error:
            raise self._error

    def _end(self) -> int:
        """Return where the last line ends that leaves no mark open, 0 where there is none."""
        end = self._held.rfind(b"\n") + 1
        is_open = self._marks(0, end) % 2
        while is_open:
            line = self._held.rfind(b"\n", 0, end - 1) + 1
            is_open ^= self._marks(line, end) % 2
            end = line
        return end

    def _marks(self, start: int, end: int) -> int:
        """Return how many quotation marks there are that are not escaped."""
        if not self._quoted:
            return 0
        return self._held.count(b'"', start, end) - self._held.count(b'\\"', start, end)
