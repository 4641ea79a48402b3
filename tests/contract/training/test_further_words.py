"""A network that starts from the image's vectors understands words that training lacked."""

from collections.abc import Callable

from tests.support.server import Server
from tests.support.training import SMALL, TrainingEnvironment
from text_classification import artifact

TEXTS = {"good": "great fine service thanks", "bad": "awful poor ugly service"}
TRAINING = [(label, f"{text} {number}") for number in range(60) for label, text in TEXTS.items()]
VALIDATION = [("good", "good excellent service"), ("bad", "bad worst service")] * 5
ENGLISH = {"pretrained": "english", "embedding_size": "100", "filters": "128", "epochs": "4"}


def test_word_that_no_document_had_is_understood_and_explained(
    training: TrainingEnvironment, start_server: Callable[..., Server]
) -> None:
    """It counts as known, and speaks for the label of its like; an odd one stays unknown."""
    training.write_csv("training/a.csv", TRAINING)
    training.write_csv("validation/a.csv", VALIDATION)
    training.configure("hyperparameters.json", {**SMALL, **ENGLISH})
    job = training.run()
    assert job.code == 0, job.output
    assert "words that training lacks keep their pretrained vectors" in job.output
    model = artifact.load(training.model)
    assert model.further is not None
    assert not {b"worst", b"best"} & {*model.vocabulary.tokens}
    body = {"texts": ["best service", "worst service", "xqzt service"]}
    answer = start_server(root=training.root).invocations(
        body, Accept="application/json; explain=true"
    )
    assert answer.status == 200, answer.body
    best, worst, odd = answer.json["predictions"]
    assert (best["label"], worst["label"]) == ("good", "bad")
    assert [each["unknown_share"] for each in (best, worst, odd)] == [0, 0, 0.5]
    assert best["explanation"]["tokens"] == ["best", "service"]
    # What the word adds is another number than that of an unknown one.
    assert best["explanation"]["values"][0] != odd["explanation"]["values"][0]
