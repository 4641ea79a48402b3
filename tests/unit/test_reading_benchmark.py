"""benchmarks/scale: what is compared reads the same documents into the same ids."""

import gzip
from pathlib import Path

from benchmarks.scale.corpus import CLASSES, LENGTHS, made_rows, write_corpus
from benchmarks.scale.reading import by_former_code, by_kernels, timed
from text_classification.contract.channels import Channel


def test_made_documents_are_the_same_each_time(tmp_path: Path) -> None:
    """In one file or several; of the promised lengths and classes."""
    rows = list(made_rows(60))
    assert rows == list(made_rows(60))
    assert all(LENGTHS[0] <= len(text.split()) <= LENGTHS[1] + 3 for _, text in rows)
    assert len({label for label, _ in rows}) > CLASSES // 2
    sizes = [write_corpus(tmp_path / str(files), 60, files=files) for files in (1, 3)]
    assert sizes[0] == sizes[1] == sum(len(text) for _, text in rows)
    whole, *parts = (
        [gzip.decompress(path.read_bytes()).decode() for path in sorted(folder.iterdir())]
        for folder in (tmp_path / "1", tmp_path / "3")
    )
    header, _, content = whole[0].partition("\r\n")
    assert "".join(part.removeprefix(f"{header}\r\n") for part in parts[0]) == content


def test_former_and_present_code_make_the_same_corpus(tmp_path: Path) -> None:
    """Otherwise one would do more than the other."""
    write_corpus(tmp_path / "training", 40)
    channel = Channel("training", tmp_path / "training")
    digests = [
        timed(read, channel, tmp_path / "ids").digest for read in (by_former_code, by_kernels)
    ]
    assert digests[0] == digests[1]
