"""Documents of a small job, read from files as a job reads them."""

from collections.abc import Sequence
from pathlib import Path

from text_classification.contract.channels import Channel, Channels
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.training.inputs.training_documents import Documents, read_documents

Rows = Sequence[tuple[str, str]]

TEXTS = {"good": "great fine service thanks", "bad": "awful poor ugly service"}
# Easily told apart, each document with a word of its own.
ROWS = [(label, f"{text} {label}{number}") for number in range(30) for label, text in TEXTS.items()]


def documents_of(
    folder: Path, hyperparameters: Hyperparameters, training: Rows, **others: Rows
) -> Documents:
    """Return the documents of the channel training and, where they are given, of others."""
    channels = {}
    for name, rows in {"training": training, **others}.items():
        path = folder / "channels" / name
        path.mkdir(parents=True)
        (path / "a.csv").write_text("".join(f"{label},{text}\n" for label, text in rows))
        channels[name] = Channel(name, path)
    read = Channels(channels["training"], channels.get("validation"), channels.get("test"))
    return read_documents(read, hyperparameters, folder)
