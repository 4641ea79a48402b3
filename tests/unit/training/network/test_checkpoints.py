"""training/network/checkpoints.py."""

import os
from pathlib import Path

import numpy as np
import pytest

from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.kim.fast_engine import FastEngine
from text_classification.cnn.engine import Engine
from text_classification.cnn.keras_engine import KerasEngine
from text_classification.cnn.learning_rate import LearningRate
from text_classification.corpus.encoded import EncodedCorpus
from text_classification.training.network.checkpoints import Checkpoints, subfolder
from text_classification.training.network.sealed_arrays import read_sealed, write_sealed
from text_classification.training.network.training_progress import EpochUnderWay, Progress

CONFIGURATION = KimConfiguration(20, 9, 3, 6, (2, 3), 5, 0.5)


def _engine(kind: type[FastEngine | KerasEngine] = FastEngine) -> Engine:
    return kind(CONFIGURATION, learning_rate=LearningRate(0.01), seed=1)


def _train(engine: Engine, first: int, last: int) -> None:
    for number in range(first, last):
        generator = np.random.default_rng(number)
        ids = generator.integers(2, 20, 60).astype(np.int32)
        corpus = EncodedCorpus(ids, np.arange(0, 61, 6))
        labels = generator.integers(0, 3, 10).astype(np.int32)
        engine.train_batch(corpus.batch(np.arange(10), 9, engine.padding), labels)


@pytest.mark.parametrize("kind", [FastEngine, KerasEngine])
def test_engine_goes_on_as_if_nothing_had_happened(
    tmp_path: Path, kind: type[FastEngine | KerasEngine]
) -> None:
    """Weights, moments, steps and dropout: after the same further batches not a bit differs."""
    whole = _engine(kind)
    _train(whole, 0, 6)
    first = _engine(kind)
    _train(first, 0, 3)
    answers = np.full((2, 3), 0.25, np.float32)
    under_way = EpochUnderWay(3, 30, 2.5)
    progress = Progress(weights=first.get_weights(), under_way=under_way, answers=answers)
    Checkpoints(tmp_path, "job", 1).save(first, progress)
    second = _engine(kind)
    _train(second, 8, 9)  # anything: it must be forgotten
    restored = Checkpoints(tmp_path, "job", 1).restore(second)
    assert restored.under_way == progress.under_way
    np.testing.assert_array_equal(restored.answers, answers)
    for name, array in progress.weights.items():
        np.testing.assert_array_equal(restored.weights[name], array)
    _train(second, 3, 6)
    for name, array in whole.get_weights().items():
        np.testing.assert_array_equal(second.get_weights()[name], array, err_msg=name)


def test_saved_state_does_not_change_with_the_engine() -> None:
    """A state is a copy: what is trained afterwards is not in it."""
    engine = _engine()
    _train(engine, 0, 1)
    state = engine.get_state()
    before = {name: array.copy() for name, array in state.items()}
    _train(engine, 1, 2)
    for name, array in before.items():
        np.testing.assert_array_equal(state[name], array)


def test_few_checkpoints_are_kept_and_none_that_is_on_its_way(tmp_path: Path) -> None:
    """SageMaker marks what it uploads; deleting it would end in half a file."""
    checkpoints, engine = Checkpoints(tmp_path, "job", 1), _engine()
    (tmp_path / "checkpoint-00000-00000001.safetensors.sagemaker-uploading").touch()
    for steps in range(1, 6):
        checkpoints.save(engine, Progress(under_way=EpochUnderWay(steps=steps)))
    names = sorted(path.name for path in tmp_path.glob("*.safetensors"))
    assert names == [f"checkpoint-00000-0000000{steps}.safetensors" for steps in (1, 4, 5)]


def test_within_an_epoch_one_is_written_when_the_last_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the clock that never goes back."""
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    checkpoints, engine = Checkpoints(tmp_path, "job", 5), _engine()
    counts = []
    for now in (100.0, 399.0, 400.0, 401.0, 700.0):
        checkpoints.save_at_times(engine, Progress(under_way=EpochUnderWay(steps=int(now))))
        counts.append(len(list(tmp_path.iterdir())))
    assert counts == [0, 0, 1, 1, 2]


def test_full_disk_does_not_end_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says that there is no checkpoint, and no half one is left."""

    def write(path: Path, _content: bytes) -> None:
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write)
    Checkpoints(tmp_path, "job", 1).save(_engine(), Progress())
    assert f"no checkpoint was written to {tmp_path}: No space left on device" in caplog.text
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_where_nobody_asked(tmp_path: Path) -> None:
    """A job without a folder for checkpoints gets none."""
    checkpoints = Checkpoints(tmp_path / "checkpoints", "job", 1)
    checkpoints.save(_engine(), Progress())
    assert checkpoints.restore(_engine()) == Progress()
    assert not list(tmp_path.iterdir())


def _written(folder: Path) -> list[Path]:
    """Write checkpoints after one and two steps, and return their files."""
    engine, checkpoints = _engine(), Checkpoints(folder, "job", 1)
    for steps in (1, 2):
        _train(engine, steps - 1, steps)
        under_way = EpochUnderWay(steps, 10 * steps, 2.5)
        checkpoints.save(engine, Progress(weights=engine.get_weights(), under_way=under_way))
    return sorted(folder.iterdir())


@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, 0.999])
def test_flipped_bit_is_found_and_the_one_before_is_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, place: float
) -> None:
    """Wherever it is: in the header, in the state, in the best weights."""
    _, newest = _written(tmp_path)
    content = bytearray(newest.read_bytes())
    content[int(place * len(content))] ^= 4
    newest.write_bytes(content)
    assert Checkpoints(tmp_path, "job", 1).restore(_engine()).under_way.steps == 1
    assert newest.name in caplog.text


def test_checkpoint_whose_arrays_do_not_fit_is_passed_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The checksum is right, but another version of the engine has other arrays."""
    _, newest = _written(tmp_path)
    arrays, description = read_sealed(newest)
    arrays["state.step"] = arrays.pop(next(name for name in arrays if name.startswith("state.")))
    write_sealed(newest, arrays, description)
    assert Checkpoints(tmp_path, "job", 1).restore(_engine()).under_way.steps == 1
    assert f"{newest.name} cannot be used and is passed over" in caplog.text


def test_checkpoint_is_synced_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First the content, then the folder that holds the name."""
    done: list[str] = []
    sync, replace = os.fsync, Path.replace

    def noted_sync(descriptor: int) -> None:
        done.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        sync(descriptor)

    def noted_replace(path: Path, target: Path) -> Path:
        done.append("renamed")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    Checkpoints(tmp_path, "job", 1).save(_engine(), Progress())
    file = "checkpoint-00000-00000000.safetensors.sagemaker-ignore"
    assert done == [file, "renamed", tmp_path.name]


def test_folder_that_cannot_be_made_has_no_checkpoints(tmp_path: Path) -> None:
    """As in a full or read-only one: the job trains all the same."""
    assert subfolder(tmp_path, "fold-1").is_dir()
    assert not subfolder(tmp_path / "none", "fold-1").exists()
    (tmp_path / "fold-2").touch()
    folder = subfolder(tmp_path, "fold-2")
    assert not folder.is_dir()
    checkpoints = Checkpoints(folder, "job", minutes=0)
    checkpoints.save(_engine(), Progress())
    assert not checkpoints.restore(_engine()).epochs
