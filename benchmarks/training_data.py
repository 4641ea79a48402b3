"""The documents that training is measured on, the same for every peer."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.contract.channels import Channel, Channels
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.corpus.encoded import EncodedCorpus
from text_classification.corpus.vocabulary import FIRST_TOKEN, PADDING
from text_classification.kernels.arrays import Ids, Indices
from text_classification.training.inputs.training_documents import read_documents

SEED = 2026
ZIPF_DOCUMENTS = 2048
VOCABULARY = 20_000
MILLION = 1_000_000


@dataclass(frozen=True)
class TrainingData:
    """Documents, shuffled, and the shape of the model that learns them.

    labels: int32 [documents].
    """

    configuration: KimConfiguration
    corpus: EncodedCorpus
    labels: Ids

    def padded(self) -> Ids:
        """Return all documents cut or padded to the sequence length: int32 [documents, T]."""
        length = self.configuration.sequence_length
        tokens = np.full((len(self.corpus), length), PADDING, np.int32)
        for index, row in enumerate(tokens):
            ids = self.corpus.document(index)[:length]
            row[: len(ids)] = ids
        return tokens


def load(case: str, data: Path) -> TrainingData:
    """Return the documents of a case: ``zipf``, ``million`` or a folder's name in ``data``."""
    if case == "zipf":
        return zipf(VOCABULARY)
    if case == "million":
        return zipf(MILLION)
    return hashed(data / case)


def zipf(vocabulary_size: int) -> TrainingData:
    """Return made documents of 50 to 300 tokens in 4 classes.

    The n-th most frequent token is 1 / n times as frequent as the first, as in natural text: 64
    documents hold about 3,600 distinct tokens. It is the same text for every size of vocabulary;
    in a larger one its tokens lie anywhere.
    """
    generator = np.random.default_rng(SEED)
    length = 300
    lengths = generator.integers(50, length + 1, ZIPF_DOCUMENTS)
    frequencies = 1 / np.arange(1, VOCABULARY - FIRST_TOKEN + 1)
    ranks = generator.choice(len(frequencies), lengths.sum(), p=frequencies / frequencies.sum())
    labels = generator.integers(0, 4, ZIPF_DOCUMENTS).astype(np.int32)
    if vocabulary_size == VOCABULARY:
        ids = np.arange(len(frequencies))
    else:
        ids = generator.choice(vocabulary_size - FIRST_TOKEN, len(frequencies), replace=False)
    corpus = EncodedCorpus((ids[ranks] + FIRST_TOKEN).astype(np.int32), _offsets(lengths))
    configuration = KimConfiguration(
        vocabulary_size=vocabulary_size,
        sequence_length=length,
        classes=4,
        embedding_size=128,
        kernel_widths=(3, 4, 5),
        filters=128,
        dropout=0.5,
    )
    return TrainingData(configuration, corpus, labels)


def hashed(folder: Path) -> TrainingData:
    """Return the training documents of a folder with train.csv.gz and test.csv.gz.

    They are read and numbered as by a training job with the tokenizer ``whitespace``, for words
    that were hashed; everything else is the default.
    """
    with tempfile.TemporaryDirectory() as scratch:
        for channel in ("train", "test"):
            (Path(scratch) / channel).mkdir()
            file = f"{channel}.csv.gz"
            (Path(scratch) / channel / file).symlink_to((folder / file).resolve())
        # With a validation channel nothing is held out of training.
        channels = Channels(
            Channel("training", Path(scratch) / "train"),
            Channel("validation", Path(scratch) / "test"),
            None,
        )
        settings = Hyperparameters(recipe="kim", tokenizer="whitespace")
        documents = read_documents(channels, settings, Path(scratch))
        prepared = documents.prepare(*documents.split(settings), settings)
        # The file may be in order of class, in which neighbours share more words than in training.
        part = prepared.training
        order = np.random.default_rng(SEED).permutation(len(part))
        rows = [part.corpus.document(int(index)) for index in part.documents[order]]
        lengths = np.array(list(map(len, rows)))
        corpus = EncodedCorpus(np.concatenate(rows), _offsets(lengths))
        assert isinstance(prepared.configuration, KimConfiguration)  # noqa: S101
        return TrainingData(prepared.configuration, corpus, part.labels[order])


def _offsets(lengths: Indices) -> Indices:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
