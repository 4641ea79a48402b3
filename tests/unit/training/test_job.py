"""training/job.py: how a job ends when it does not train; the rest is seen from outside."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.helpers import random_artifact, random_ngrams, write_configuration
from text_classification import artifact
from text_classification.contract.channels import Channel, Channels
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.paths import Paths
from text_classification.contract.settings import Settings
from text_classification.corpus.parallel import channel as parallel
from text_classification.corpus.readers.channel import read_channel
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.readers.row import Document
from text_classification.errors import Code, ConfigurationError, ResourceError
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.inputs import initial_model, memory_need
from text_classification.training.job import main, run


@pytest.fixture
def settings(tmp_path: Path, paths: Paths) -> Settings:
    """The settings of a job with four documents."""
    (paths.data / "train").mkdir(parents=True)
    (paths.data / "train/a.csv").write_text("x,one\ny,two\nx,one\ny,two\n")
    (tmp_path / "scratch").mkdir()
    return Settings(root=tmp_path, scratch=tmp_path / "scratch")


def test_what_several_hosts_cannot_do_is_refused_at_once(settings: Settings, paths: Paths) -> None:
    """Before the hosts look for each other, and by name."""
    write_configuration(
        paths.resource_config, {"current_host": "algo-2", "hosts": ["algo-1", "algo-2"]}
    )
    write_configuration(paths.hyperparameters, {"tuning_trials": "3"})
    with pytest.raises(ConfigurationError, match=r"study_storage .* the job has 2") as caught:
        run(settings, StopRequest())
    assert caught.value.code is Code.HOSTS_UNSUPPORTED


def test_stop_before_the_first_document_leaves_nothing(settings: Settings, paths: Paths) -> None:
    """A job that is stopped while it reads says so, and cleans its scratch folder."""
    stop = StopRequest()
    stop.set()
    with pytest.raises(Stopped):
        run(settings, stop)
    assert not list(settings.scratch.iterdir())
    assert not list(paths.model.glob("*"))


def test_stop_during_the_imports_is_heard_before_anything_is_read(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at the first document: to unpack a model or to look at all files takes long."""
    stop = StopRequest()
    stop.set()
    monkeypatch.setattr(initial_model, "read_initial_model", None)
    with pytest.raises(Stopped):
        run(settings, stop)


@pytest.mark.usefixtures("signal_handlers")
def test_stop_while_reading_ends_at_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No channel is read to its end once a stop was asked for."""
    stop = StopRequest()
    stop.listen()
    read = 0

    def reading(channel: Channel, _: object) -> Iterator[Document]:
        nonlocal read
        for document in read_channel(channel, Reading()):
            read += 1
            if read == 2:
                signal.raise_signal(signal.SIGTERM)
            yield document

    monkeypatch.setattr(parallel, "read_files", reading)
    with pytest.raises(Stopped):
        run(settings, stop)
    assert read == 2
    assert not list(settings.scratch.iterdir())


def test_memory_is_guessed_for_what_the_model_decides(
    settings: Settings, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To go on from a model with n-grams takes as much as to ask for them."""
    artifact.save(replace(random_artifact(), ngrams=random_ngrams()), paths.data / "model")
    guessed: list[bool] = []

    def guess(_: Channels, hyperparameters: Hyperparameters) -> None:
        guessed.append(hyperparameters.ngrams)
        raise Stopped

    monkeypatch.setattr(memory_need, "warn_of_memory", guess)
    with pytest.raises(Stopped):
        run(settings, StopRequest())
    assert guessed == [True]


def test_a_job_tells_what_does_nothing(
    settings: Settings,
    paths: Paths,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In its log, before any document is read."""
    write_configuration(paths.hyperparameters, {"tuning_minutes": "60"})

    def stop(*_: object) -> None:
        raise Stopped

    monkeypatch.setattr(memory_need, "warn_of_memory", stop)
    with pytest.raises(Stopped):
        run(settings, StopRequest())
    assert "nothing comes of tuning_minutes" in caplog.text


def test_image_without_the_training_libraries_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The image that only serves names what it lacks and the way out."""
    monkeypatch.setitem(sys.modules, "text_classification.training.inputs.training_documents", None)
    with pytest.raises(ResourceError, match="this image only serves") as raised:
        run(settings, StopRequest())
    assert raised.value.code == Code.PROGRAM_MISSING


@pytest.mark.usefixtures("signal_handlers")
def test_stopped_job_is_no_failure(
    settings: Settings, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stop before there is anything to save ends with exit code 0 and without a failure file."""
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(settings.root))
    monkeypatch.setenv("TMPDIR", str(settings.scratch))
    monkeypatch.setattr(StopRequest, "listen", StopRequest.set)
    assert main() == 0
    assert not paths.failure.exists()


@pytest.mark.usefixtures("signal_handlers")
def test_failed_job_leaves_its_cause(
    settings: Settings, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 1, and the failure file begins with what is wrong and where."""
    (paths.data / "train/b.csv").write_text("x,one,\n")
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(settings.root))
    monkeypatch.setenv("TMPDIR", str(settings.scratch))
    assert main() == 1
    reason = paths.failure.read_text(encoding="utf-8")
    assert reason.startswith("COLUMN_MISSING: the file has 3 columns")
    assert "Traceback" in reason


def test_blas_is_settled_before_numpy_is_there() -> None:
    """It reads its variables when it is imported; a user's own value stays."""
    program = (
        "import os, sys\n"
        "from text_classification.training import job\n"
        "job.read_settings = lambda: sys.exit('numpy' in sys.modules)\n"
        "try: job.main()\n"
        "finally: print(os.environ['OPENBLAS_NUM_THREADS'])\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("OPENBLAS_NUM_THREADS", None)
    for given, expected in (({}, "1"), ({"OPENBLAS_NUM_THREADS": "20"}, "20")):
        result = subprocess.run(
            [sys.executable, "-c", program],
            env={**environment, **given},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (result.returncode, result.stdout.strip()) == (0, expected), result.stderr
