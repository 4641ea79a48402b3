"""The train command with channels that come through pipes, as SageMaker's Pipe mode has them."""

import csv
import io
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

import pytest

from letters import letters
from tests.support.piping import Writer, piped, record
from tests.support.training import SMALL, TIMEOUT, TrainingEnvironment
from text_classification import artifact

pytestmark = pytest.mark.long

LETTERS = [(letter.label, letter.text) for letter in letters(300, seed=1)]
Rows = Sequence[tuple[str, str]]


def as_csv(rows: Rows) -> bytes:
    """Return letters as a CSV file with a header."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("label", "text"), *rows])
    return text.getvalue().encode()


def as_attributes(rows: Rows) -> bytes:
    """Return what is sent of an augmented manifest with the attributes source and class."""
    return b"".join(record(text.encode()) + record(label.encode()) for label, text in rows)


def pipe(wrapper: str = "None") -> dict[str, str]:
    """Return what inputdataconfig.json says of a channel in Pipe mode."""
    return {"TrainingInputMode": "Pipe", "RecordWrapperType": wrapper}


@contextmanager
def filled(job: TrainingEnvironment, **channels: bytes) -> Iterator[dict[str, Writer]]:
    """Fill the first pipes of channels."""
    with ExitStack() as pipes:
        yield {
            name: pipes.enter_context(piped(job.root / f"input/data/{name}_0", content))
            for name, content in channels.items()
        }


def weights(training: TrainingEnvironment) -> bytes:
    """Return the weights that a job has left."""
    assert artifact.load(training.model).labels
    return (training.model / artifact.WEIGHTS).read_bytes()


@pytest.fixture(scope="module")
def of_files(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The weights of a job that reads the same letters from files."""
    training = TrainingEnvironment(tmp_path_factory.mktemp("files"))
    for number, rows in enumerate((LETTERS[:150], LETTERS[150:])):
        training.write(f"training/{number}.csv", as_csv(rows))
    training.write("test/0.csv", as_csv(LETTERS[:50]))
    training.configure("hyperparameters.json", SMALL)
    job = training.run()
    assert job.code == 0, job.output
    return weights(training)


FORMS: dict[str, tuple[str, dict[str, str], Callable[[Rows], bytes]]] = {
    "files as one": ("None", {}, as_csv),
    "files in records": ("RecordIO", {}, lambda rows: record(as_csv(rows))),
    "an augmented manifest": (
        "RecordIO",
        {"manifest_attributes": "source,class", "label_column": "class"},
        as_attributes,
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_model_is_that_of_the_same_files(
    training: TrainingEnvironment, of_files: bytes, form: str
) -> None:
    """Bit for bit, however they come; one pipe of each channel is read, to its end."""
    wrapper, hyperparameters, written = FORMS[form]
    training.configure("hyperparameters.json", {**SMALL, **hyperparameters})
    training.configure("inputdataconfig.json", {"training": pipe(wrapper), "test": pipe(wrapper)})
    content = written(LETTERS[:150]) + written(LETTERS[150:])
    with filled(training, training=content, test=written(LETTERS[:50])) as writers:
        job = training.run()
    assert job.code == 0, job.output
    assert weights(training) == of_files
    assert not any(writer.was_closed for writer in writers.values())


def test_a_pipe_that_is_left_early_hangs_nobody(training: TrainingEnvironment) -> None:
    """A bad row before many others ends the job, with its line, and whoever fills the pipe."""
    training.configure("inputdataconfig.json", {"training": pipe()})
    content = as_csv([("BILL", "one two")]) + b"x\n" + as_csv(LETTERS) * 100
    with filled(training, training=content) as writers:
        job = training.run()
    assert job.code == 1
    assert job.failure.startswith("ROW_INVALID")
    assert "training_0, line 3" in job.failure[:1024]
    assert writers["training"].was_closed


def test_a_job_whose_pipe_is_silent_can_be_stopped(training: TrainingEnvironment) -> None:
    """At once, and without a model."""
    training.configure("inputdataconfig.json", {"training": pipe()})
    is_read, has_ended = threading.Event(), threading.Event()

    def nothing() -> Iterator[bytes]:
        is_read.set()
        has_ended.wait()
        yield from ()

    path = training.root / "input/data/training_0"
    path.parent.mkdir()
    os.mkfifo(path)
    writer = Writer(path, nothing())
    writer.start()
    process = training.start()
    assert is_read.wait(TIMEOUT)
    process.send_signal(signal.SIGTERM)
    job = training.finish(process)
    has_ended.set()
    writer.join()
    assert (job.code, job.failure) == (0, "")
    assert "stopped on request" in job.output
