"""benchmarks/scale: what is compared reads the same documents into the same ids."""

import gzip
from pathlib import Path

from benchmarks.scale.made_corpus import MEAN_LENGTH, MadeCorpus
from benchmarks.scale.reading import by_former_code, by_kernels, timed
from text_classification.contract.channels import Channel


def test_made_documents_are_the_same_each_time(tmp_path: Path) -> None:
    """In one file or several, packed or not; about as long as promised, of nearly all classes."""
    corpus = MadeCorpus()
    rows = list(corpus.documents(300))
    assert rows == list(MadeCorpus().documents(300))
    assert rows[:60] == list(corpus.documents(60))
    mean = sum(len(text.split()) for _, text in rows) / len(rows)
    assert abs(mean / MEAN_LENGTH - 1) < 0.15
    assert len({label for label, _ in rows}) > corpus.classes // 2
    assert not {text for _, text in corpus.documents(60, test=True)} & {text for _, text in rows}
    one, three = tmp_path / "one", tmp_path / "three"
    sizes = [corpus.write(one, 60), corpus.write(three, 60, files=3, packed=True)]
    assert sizes == [sum(len(text) for _, text in rows[:60])] * 2
    written = (one / "part-00000.csv").read_bytes()
    parts = [gzip.decompress(path.read_bytes()) for path in sorted(three.iterdir())]
    header, end, content = written.partition(b"\r\n")
    assert b"".join(part.removeprefix(header + end) for part in parts) == content


def test_former_and_present_code_make_the_same_corpus(tmp_path: Path) -> None:
    """Otherwise one would do more than the other."""
    MadeCorpus().write(tmp_path / "training", 40, packed=True)
    channel = Channel("training", tmp_path / "training")
    digests = [
        timed(read, channel, tmp_path / "ids").digest for read in (by_former_code, by_kernels)
    ]
    assert digests[0] == digests[1]
