"""A channel becomes a corpus, by as many processes as there are processors."""

import tempfile
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import ExitStack, closing
from pathlib import Path

from text_classification.contract.channels import Channel
from text_classification.corpus.interning import CorpusWriter, Interner, LabelledCorpus
from text_classification.corpus.parallel.files import CutFile, Files, Step, cost_of, share_out
from text_classification.corpus.parallel.log import tell
from text_classification.corpus.parallel.processes import Processes
from text_classification.corpus.parallel.reading import Outcome, Task, Work
from text_classification.corpus.progress import Progress, size_of
from text_classification.corpus.readers.channel import (
    check_count,
    log,
    open_channel,
    read_file,
    read_files,
    tell_skipped,
)
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.readers.row import Columns

# Less is read sooner than processes are started and their tokens merged.
ENOUGH_BYTES = 1 << 24
# Tasks for each process that are under way or wait to be merged.
_AHEAD = 2


def intern_channel(
    channel: Channel, reading: Reading, interner: Interner, path: Path, processes: int
) -> LabelledCorpus:
    """Return the corpus of a channel, its ids at ``path``: the same by any number of processes.

    Raises ``DataError`` as ``read_channel`` does, ``ResourceError`` where a process is lost.
    """
    files = open_channel(channel, reading)
    # What comes through a pipe is known when it comes.
    known = files if isinstance(files, Sequence) else ()
    progress = Progress(channel.name, sum(size_of(source) for source, _ in known))
    with CorpusWriter(interner, path, progress) as writer:
        if processes == 1 or (not channel.is_piped and _cost(known) < ENOUGH_BYTES):
            _read_here(channel, progress.through(files), writer)
        else:
            with tempfile.TemporaryDirectory(dir=path.parent) as parts:
                _Merging(files, interner, writer, Path(parts), progress).run(processes)
            check_count(channel, len(writer))
    return writer.corpus()


def _read_here(channel: Channel, files: Files, writer: CorpusWriter) -> None:
    """Read files in this process; those of a share are noted."""
    if not channel.is_sharded:
        writer.write(read_files(channel, files))
        return
    told: set[Columns] = set()
    for source, reader in files:
        writer.begin(source.where)
        writer.write(read_file(source, reader, told))
    check_count(channel, len(writer))


def _cost(files: Files) -> int:
    return sum(cost_of(source) for source, _ in files)


Pending = deque[tuple[Step, "Future[Outcome] | None"]]


class _Merging:
    """Has files read, and writes what comes of them in their order."""

    def __init__(
        self,
        files: Files,
        interner: Interner,
        writer: CorpusWriter,
        parts: Path,
        progress: Progress,
    ) -> None:
        self._progress = progress
        self._read = 0
        self._steps = share_out(files, parts)
        self._interner = interner
        self._writer = writer
        self._told: set[Columns] = set()

    def run(self, count: int) -> None:
        pending: Pending = deque()
        with ExitStack() as opened:
            opened.callback(_close, pending)
            work = Work(self._interner.tokenizer)
            processes = opened.enter_context(Processes[Task, Outcome](work, count))
            while True:
                while len(pending) < _AHEAD * count and (step := self._next(pending)):
                    pending.append((step, processes.submit(step.task) if step.task else None))
                if not pending:
                    return
                self._take(pending)

    def _next(self, pending: Pending) -> Step | None:
        return None if pending and pending[-1][0].is_last else next(self._steps, None)

    def _take(self, pending: Pending) -> None:
        """Write what comes of the first step; it stays there meanwhile, so that it is closed."""
        step, future = pending[0]
        outcome = future.result() if future else Outcome(None)
        told = step.file.log.of_piece(outcome.log, step.file.lines) if step.file else outcome.log
        tell(told, log, self._told)
        self._progress.read = self._read + (step.file.position() if step.file else 0)
        if step.task and outcome.part:
            self._writer.merge(outcome.part)
            step.task.ids.unlink()
            if step.file:
                step.file.lines += outcome.lines
            else:
                self._read += sum(size_of(source) for source, _ in step.task.files)
            pending.popleft()
        elif step.here:
            self._writer.begin(step.here[0].where)
            self._writer.write(read_file(*step.here, self._told))
            pending.popleft()
        elif step.file:
            self._end(step.file, pending)

    def _end(self, file: CutFile, pending: Pending) -> None:
        """Read what is left of a file here, in order: a piece and all behind it, or nothing."""
        pieces = []
        is_whole = pending[0][0].task is None and file.cutter.is_cut
        while pending and pending[0][0].file is file:
            step, future = pending.popleft()
            if future:
                future.cancel()
            pieces.append(step.content)
        source = file.source
        with closing(file.cutter), file.unchanged():
            if is_whole and file.log.skipped:
                tell_skipped(source, file.log.skipped)
            elif not is_whole:
                source = file.rest(pieces)
                self._writer.begin(source.where)
                self._writer.write(read_file(source, file.reader, self._told))
        self._read += size_of(file.source)


def _close(pending: Pending) -> None:
    for step, _ in pending:
        if step.file:
            step.file.cutter.close()
