"""contract/hyperparameters/names.py: what was probably meant."""

import pytest

from text_classification.contract.hyperparameters.names import advice, nearest
from text_classification.contract.hyperparameters.other_toolkits import ABSENT, SYNONYMS
from text_classification.contract.hyperparameters.schema import NAMES


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *((name, "epochs") for name in ("num_train_epochs", "--maxEpochs", "epocs")),
        ("tuning_epoch", "tuning_epochs"),
        ("per_device_train_batch_size", "batch_size"),
        ("train-batch-size", "batch_size"),
        ("batchsize", "batch_size"),
        ("max_seq_length", "sequence_length"),
        ("learningRate", "learning_rate"),
        ("lr", "learning_rate"),
        ("vector_dim", "embedding_size"),
        ("word_ngrams", "ngrams"),
        ("tokeniser", "tokenizer"),
        ("hidden_units", "dense_units"),
        ("random_state", "seed"),
        ("optimizer_name", None),
        *((name, None) for name in ("subsample", "label_smoothing_factor", "group_by_length")),
        ("rate", None),
        ("max_size", None),
        ("", None),
        ("x" * 5000, None),
    ],
)
def test_nearest_is_of_the_same_meaning(name: str, meant: str | None) -> None:
    """By its words, not by how many letters are shared; a general word alone means nothing."""
    assert nearest(name) == meant


def test_names_of_other_toolkits_stand_for_ours() -> None:
    """None is a name of ours, and none is both understood and absent."""
    assert set(SYNONYMS.values()) <= set(NAMES)
    ours = set(NAMES) & (SYNONYMS.keys() | ABSENT.keys())
    assert not ours, f"take {', '.join(sorted(ours))} out of other_toolkits.py"
    assert not SYNONYMS.keys() & ABSENT.keys()


def test_advice_says_why_a_name_is_left_out() -> None:
    """Where nothing stands for it here; and lists all names once for those that nothing is like."""
    assert advice(["mode"]) == (
        "Leave out mode: what is learned here is always the classification of texts."
    )
    several = advice(["optimizer", "zzz", "yyy"])
    assert several.startswith("Leave out optimizer: ")
    assert several.count("There are: ") == 1
