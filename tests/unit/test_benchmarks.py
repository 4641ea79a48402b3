"""The parts of the benchmarks that decide what is compared; nothing here measures time."""

import gzip
import json
import os
from pathlib import Path

import numpy as np
import pytest

from benchmarks import report
from benchmarks.accuracy_data import Parts, in_folds, job_of, read
from benchmarks.inference_data import LabelledTexts
from benchmarks.process import RESTRAINTS, Process, unrestrained
from benchmarks.rounds import medians, round_robin
from benchmarks.training_data import MILLION, VOCABULARY, zipf


def test_peers_take_turns_and_the_first_round_does_not_count() -> None:
    """Each is measured once a round, one after the other."""
    turns: list[str] = []

    def measure(name: str) -> float:
        turns.append(name)
        return len(turns)

    samples = round_robin({"a": lambda: measure("a"), "b": lambda: measure("b")}, rounds=3)
    assert turns == ["a", "b"] * 4
    assert samples == {"a": [3, 5, 7], "b": [4, 6, 8]}
    assert medians(samples) == {"a": 5, "b": 6}


def test_the_result_is_the_last_line_and_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both hold the same numbers, rounded alike."""
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    report.publish("speed", report.Findings({"peer": 2.34567}, {"steps": 3}), {"cores": 2})
    last = capsys.readouterr().out.splitlines()[-1]
    result = json.loads(last.removeprefix("RESULT "))
    assert result == {"peer": 2.346, "details": {"steps": 3}}
    assert json.loads((tmp_path / "speed.json").read_text()) == {**result, "machine": {"cores": 2}}


def test_a_larger_vocabulary_holds_the_same_text() -> None:
    """Only the numbers of the tokens change, each into one of its own; lengths are as promised."""
    small, large = zipf(VOCABULARY), zipf(MILLION)
    pairs = np.unique(np.stack([small.corpus.ids, large.corpus.ids]), axis=1)
    assert len(pairs[0]) == len(np.unique(pairs[0])) == len(np.unique(pairs[1]))
    assert large.corpus.ids.max() > VOCABULARY
    np.testing.assert_array_equal(small.corpus.offsets, large.corpus.offsets)
    np.testing.assert_array_equal(small.labels, large.labels)
    assert 50 <= small.corpus.lengths.min() <= small.corpus.lengths.max() <= 300


def test_64_documents_repeat_themselves_as_natural_text_does() -> None:
    """About 3,600 distinct tokens, the figure that the engine was designed around."""
    data = zipf(VOCABULARY)
    ids = np.concatenate([data.corpus.document(index) for index in range(64)])
    assert 3300 < len(np.unique(ids)) < 3900


def test_padded_documents_are_those_of_the_corpus() -> None:
    """Peers that want arrays get the same tokens with zeros behind them."""
    data = zipf(VOCABULARY)
    row, ids = data.padded()[7], data.corpus.document(7)
    np.testing.assert_array_equal(row[: len(ids)], ids)
    assert not row[len(ids) :].any()


def test_a_peer_that_ends_is_told() -> None:
    """The benchmark ends with one sentence; what happened is on standard error."""
    with (
        Process("benchmarks.peers.none") as peer,
        pytest.raises(SystemExit, match=r"none ended; its reason is above"),
    ):
        peer.wait_until_ready()


def test_no_library_is_held_to_another_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell may have such variables; everything else in its environment stays."""
    for variable in (*RESTRAINTS, "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(variable, "1")
    unrestrained()
    assert not set(RESTRAINTS) & set(os.environ)
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"


def test_every_document_of_a_set_is_tested_on_in_one_fold() -> None:
    """And learned from in the others; the only one of a class is learned from in all."""
    texts = [f'text {number}, "quoted"\nand broken' for number in range(11)]
    given = Parts(
        LabelledTexts(texts[:6], ["a", "b"] * 3),
        LabelledTexts(texts[6:8], ["a", "b"]),
        LabelledTexts(texts[8:], ["a", "b", "alone"]),
    )
    folds = list(in_folds(given, 5))
    assert sorted(text for fold in folds for text in fold.test.texts) == sorted(texts[:10])
    for fold in folds:
        assert fold.validation is None
        assert sorted(fold.training.texts + fold.test.texts) == sorted(texts)
        assert sorted(fold.test.labels) == ["a", "b"]
        assert fold.training.labels[fold.training.texts.index(texts[10])] == "alone"


def test_documents_are_handed_to_a_job_as_they_are_read(tmp_path: Path) -> None:
    """What a set gives reaches the models of ours, line breaks and quotes and all."""
    given = Parts(
        LabelledTexts(['one, "two"\nthree', "four"], ["a", "b"]),
        LabelledTexts(["five"], ["a"]),
        LabelledTexts(["six"], ["b"]),
    )
    names = {"training": "train", "validation": "validation", "test": "test"}
    with job_of(given) as root:
        for channel, name in names.items():
            text = (root / f"input/data/{channel}/documents.csv").read_bytes()
            with gzip.open(tmp_path / f"{name}.csv.gz", "wb") as file:
                file.write(text)
    assert not root.exists()
    assert read(tmp_path) == given
    (tmp_path / "validation.csv.gz").unlink()
    assert read(tmp_path).validation is None
    (tmp_path / "test.csv.gz").unlink()
    with pytest.raises(ValueError, match="is no set"):
        read(tmp_path)
