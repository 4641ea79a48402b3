"""The train command as SageMaker runs it: files in, files and an exit code out."""

import gzip
import json
import os
import pty
import re
import signal
import subprocess
import sys
import termios
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from letters import hashed, letters
from tests.support.page import Page, rows, text
from tests.support.server import Server
from tests.support.training import (
    PROGRAMS,
    SMALL,
    TIMEOUT,
    Job,
    TrainingEnvironment,
    environment,
)
from text_classification import artifact
from text_classification.contract.metric_lines import metric_definitions
from text_classification.inference.classifier import Classifier

pytestmark = pytest.mark.long

Trained = tuple[TrainingEnvironment, Job]


def test_leaves_a_model_that_loads(trained: Trained) -> None:
    """The artifact holds together, and knows the labels and where it came from."""
    model = artifact.load(trained[0].model)
    assert len(model.labels) == 14
    assert model.metrics["job_name"] == "letters-1"
    assert model.hyperparameters["embedding_size"] == 16
    assert model.metrics["tables"]["int8"] == (model.scales is not None)


def test_model_folder_holds_plain_readable_files(trained: Trained) -> None:
    """Nothing but the artifact's files, readable by whoever serves it."""
    assert readable_files(trained[0].model) == {*artifact.SERVED, artifact.MANIFEST}


def readable_files(folder: Path) -> set[str]:
    """Return the names of the files in a folder, all of which anyone may read."""
    files = {path.name: path for path in folder.iterdir()}
    assert all(path.is_file() and path.stat().st_mode & 0o004 for path in files.values())
    return set(files)


def test_keras_file_is_the_same_model(training: TrainingEnvironment) -> None:
    """Keras, reading model.keras, gives the scores that serving gives, to 1e-5.

    From int8 tables they are a little off, by less than would let training decide against them.
    """
    training.write_csv(
        "training/letters.csv", [(each.label, each.text) for each in letters(300, seed=1)]
    )
    training.configure("hyperparameters.json", {**SMALL, "keras_export": "true"})
    assert training.run().code == 0
    assert readable_files(training.model) == {*artifact.SERVED, artifact.MANIFEST, artifact.KERAS}
    model = artifact.load(training.model)
    texts = [letter.text for letter in letters(20, seed=5)]
    ours, served = (
        Classifier(each).classify(texts).probabilities
        for each in (replace(model, scales=None), model)
    )
    program = (
        "import json, sys, keras, numpy as np\n"
        "from pathlib import Path\n"
        "from text_classification import artifact\n"
        "from text_classification.corpus.tokenizer import TOKENIZERS\n"
        "folder = Path(sys.argv[1]); model = artifact.load(folder)\n"
        "length = model.configuration.sequence_length\n"
        "tokenize = TOKENIZERS[model.tokenizer]\n"
        "ids = {token: number for number, token in enumerate(model.vocabulary.tokens, 2)}\n"
        "texts = [tokenize(text).split()[:length] for text in json.load(sys.stdin)]\n"
        "rows = [[ids.get(token, 1) for token in text] for text in texts]\n"
        "batch = np.array([row + [0] * (length - len(row)) for row in rows], np.int32)\n"
        "scores = keras.models.load_model(folder / 'model.keras').predict(batch, verbose=0)\n"
        "print(json.dumps(scores.tolist()))\n"
    )
    result = subprocess.run(
        ["python3", "-c", program, training.model],
        input=json.dumps(texts),
        env=environment(training.root),
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = np.array(json.loads(result.stdout))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-5)
    np.testing.assert_allclose(served, theirs, rtol=0, atol=5e-3)


def test_every_metric_definition_finds_its_metric(trained: Trained) -> None:
    """Each regular expression matches the log, and its last match is the number in metrics.json.

    Those of a cross-validation and of a study are looked for where there is one.
    """
    environment, job = trained
    metrics = json.loads((environment.output_data / "metrics.json").read_text())
    for definition in metric_definitions():
        part, name = definition["Name"].split(":")
        found = re.findall(definition["Regex"], job.output)
        assert bool(found) == (part not in {"cross_validation", "tuning"}), definition
        if part == "test":
            assert float(found[-1]) == pytest.approx(metrics["test"][name], abs=1e-4)


def test_log_has_one_line_an_epoch_and_no_control_characters(trained: Trained) -> None:
    """Tabs and carriage returns arrive mangled in the service's logs."""
    assert len(re.findall(r"epoch \d+: ", trained[1].output)) == 2
    assert not set(trained[1].output) & {"\t", "\r", "\x1b"}


def test_reports_each_class(trained: Trained) -> None:
    """The report has precision, recall and support of each class, for validation and test."""
    report = json.loads((trained[0].output_data / "class_report.json").read_text())
    assert set(report) == {"validation", "test"}
    assert sum(row["support"] for row in report["test"]["classes"]) == 50
    assert np.sum(report["test"]["confusion_matrix"]) == 50


def test_leaves_a_report_that_stands_alone(trained: Trained) -> None:
    """One page that follows HTML's grammar and asks for nothing else, with the job's numbers."""
    folder = trained[0].output_data
    page = Page((folder / "report.html").read_text("utf-8"))
    page.check()
    (title,) = page.all("h1")
    assert text(title) == "Training report: letters-1"
    metrics = json.loads((folder / "metrics.json").read_text())
    scores = rows(next(page.section("summary").iter("table")))
    assert scores[0] == ["score", "validation", "test"]
    for number, part in enumerate(("validation", "test"), 1):
        assert scores[2][number].startswith(f"{metrics[part]['accuracy']:.3f} (")
    classes = json.loads((folder / "class_report.json").read_text())["test"]["classes"]
    told = rows(next(page.section("classes").iter("table")))[1:]
    assert [row[0] for row in told] == [row["label"] for row in classes]
    figures = {path.name for path in (folder / "figures").iterdir()}
    assert len(figures) == len(page.all("figure")) == 6
    assert f"the report is {folder / 'report.html'}" in trained[1].output


def test_same_seed_same_weights(training: TrainingEnvironment, trained: Trained) -> None:
    """A second job with the same data and seed ends with the same bits."""
    sample = [(letter.label, letter.text) for letter in letters(300, seed=1)]
    training.write_csv("training/part-1.csv", sample[:200])
    training.write_csv("training/part-2.csv", sample[200:])
    training.configure("hyperparameters.json", SMALL)
    assert training.run().code == 0
    name = artifact.WEIGHTS
    assert (training.model / name).read_bytes() == (trained[0].model / name).read_bytes()


def test_hashed_documents_without_header_train_and_are_served(
    training: TrainingEnvironment, start_server: Callable[..., Server]
) -> None:
    """``LABEL,hash hash ...`` works as it is, and the model answers for such words."""
    rows = "".join(f"{letter.label},{hashed(letter.text)}\n" for letter in letters(200, seed=2))
    training.write("training/documents", gzip.compress(rows.encode()))
    training.configure("hyperparameters.json", {**SMALL, "tokenizer": '"whitespace"'})
    training.configure("inputdataconfig.json", {"training": {}, "code": {}, "sm_drivers": {}})
    training.configure("resourceconfig.json", {"hosts": ["algo-1"]})
    training.write("training-manifest", "not a document")
    job = training.run()
    assert job.code == 0, job.output
    answer = start_server(root=training.root).invocations(hashed("a bill"), "text/plain")
    assert answer.status == 200


@pytest.mark.exhaustive
def test_stacked_recipe_learns_and_is_served(
    training: TrainingEnvironment, start_server: Callable[..., Server]
) -> None:
    """One hyperparameter asks for it and others are set on top; the model answers for a letter.

    Windows three tokens apart miss most phrases of so few letters, so they are one apart here.
    """
    sample = [(letter.label, letter.text) for letter in letters(600, seed=3)]
    training.write_csv("training/letters.csv", sample)
    on_top = {"strides": "1", "class_weights": "none", "batch_size": "16", "epochs": "16"}
    small = {"embedding_size": "32", "filters": "32", "dense_units": "64", "sequence_length": "128"}
    given = {"recipe": "stacked", **on_top, **small, "learning_rate": "0.003"}
    training.configure("hyperparameters.json", given)
    job = training.run()
    assert job.code == 0, job.output
    metrics = json.loads((training.output_data / "metrics.json").read_text())
    assert metrics["validation"]["accuracy"] > 0.8
    assert "tables" not in metrics
    assert artifact.load(training.model).configuration.architecture == "stacked.v1"
    assert (training.model / artifact.KERAS).is_file()
    label, text = sample[0]
    answer = start_server(root=training.root).invocations(text, "text/plain")
    assert answer.status == 200
    assert answer.json["predictions"][0]["label"] == label


def test_wide_recipe_learns_and_is_served(
    training: TrainingEnvironment, start_server: Callable[..., Server]
) -> None:
    """Network and n-grams are one model: what serving answers is as good as metrics.json says."""
    sample = [(letter.label, letter.text) for letter in letters(400, seed=3)]
    test = sample[300:]
    training.write_csv("training/letters.csv", sample[:300])
    training.write_csv("test/letters.csv", test)
    training.configure("hyperparameters.json", {**SMALL, "recipe": "wide"})
    job = training.run()
    assert job.code == 0, job.output
    assert "n-grams: " in job.output
    assert not (training.model / artifact.KERAS).exists()
    metrics = json.loads((training.output_data / "metrics.json").read_text())
    assert metrics["test"]["accuracy"] > 0.8
    assert metrics["training_documents"] == 300
    lines = "\n".join(json.dumps({"text": text}) for _, text in test)
    answer = start_server(root=training.root).invocations(lines, "application/jsonlines")
    assert answer.status == 200
    found = [each["label"] for each in answer.json["predictions"]]
    right = sum(one == label for one, (label, _) in zip(found, test, strict=True))
    assert right / len(test) == pytest.approx(metrics["test"]["accuracy"])


@pytest.mark.exhaustive
def test_attention_learns_and_is_served(
    training: TrainingEnvironment, start_server: Callable[..., Server]
) -> None:
    """With batch normalisation, which the artifact knows nothing of; the model answers."""
    sample = [(letter.label, letter.text) for letter in letters(600, seed=3)]
    training.write_csv("training/letters.csv", sample)
    given = {"pooling": "attention", "batch_normalization": "true", "learning_rate": "0.005"}
    training.configure("hyperparameters.json", {**SMALL, **given, "epochs": "8"})
    job = training.run()
    assert job.code == 0, job.output
    assert "engine keras" in job.output
    metrics = json.loads((training.output_data / "metrics.json").read_text())
    assert metrics["validation"]["accuracy"] > 0.8
    assert "tables" not in metrics
    model = artifact.load(training.model)
    assert model.configuration.architecture == "pooled.v1"
    label, text = sample[0]
    answer = start_server(root=training.root).invocations(text, "text/plain")
    assert answer.json["predictions"][0]["label"] == label


def test_answers_below_the_floor_are_marked(
    training: TrainingEnvironment, start_server: Callable[..., Server]
) -> None:
    """The floor is chosen in training, comes with the model, and can be set anew when serving."""
    sample = [(letter.label, letter.text) for letter in letters(600, seed=1)]
    training.write_csv("training/letters.csv", sample[:500])
    training.write_csv("test/letters.csv", sample[500:])
    learned_in_part = {"epochs": "4", "learning_rate": "0.01", "batch_size": "16"}
    given = {**SMALL, **learned_in_part, "target_precision": "0.9"}
    training.configure("hyperparameters.json", given)
    job = training.run()
    assert job.code == 0, job.output
    found = json.loads((training.output_data / "metrics.json").read_text())["confidence"]
    assert 0 < found["validation"]["coverage"] < 1
    assert found["validation"]["precision"] >= 0.9
    assert 0 < found["test"]["coverage"] < 1
    body = json.dumps([text for _, text in sample])
    server = start_server(root=training.root)
    answers = server.invocations(body).json["predictions"]
    assert [each["sure"] for each in answers] == [
        each["score"] >= found["floor"] for each in answers
    ]
    assert len({each["sure"] for each in answers}) == 2
    all_sure = start_server(root=training.root, CONFIDENCE_FLOOR="0.000001").invocations(body)
    assert all(each["sure"] for each in all_sure.json["predictions"])


GOOD = "label,text\n" + "a,one two\nb,three four\n" * 5

FAULTS: dict[str, tuple[dict[str, str | bytes], dict[str, str], str, str]] = {
    "empty channel": ({"training/_SUCCESS": ""}, {}, "CHANNEL_EMPTY", "training"),
    "no channel": ({"test/a.csv": GOOD}, {}, "CHANNEL_MISSING", "training"),
    "one class": ({"training/a.csv": "label,text\na,x\na,y\n"}, {}, "LABELS_INVALID", "'a'"),
    "unclosed quote": (
        {"training/a.csv": 'label,text\na,one\na,"two\nb,three\n'},
        {},
        "ROW_INVALID",
        "training/a.csv, line 3",
    ),
    "header half known": (
        {"training/a.csv": "label,letter\na,one\nb,two\n"},
        {},
        "COLUMN_MISSING",
        "'letter'",
    ),
    "text for a label": (
        {"training/a.csv": f"label,text\n{'long ' * 100},a\n"},
        {},
        "ROW_INVALID",
        "line 2",
    ),
    "cut gzip": (
        {"training/a.csv.gz": gzip.compress(GOOD.encode(), mtime=0)[:-9]},
        {},
        "FILE_UNREADABLE",
        "training/a.csv.gz",
    ),
    "not UTF-8": ({"training/a.csv": b"label,text\na,\xff\n"}, {}, "ROW_INVALID", "0xff"),
    "bad row": (
        {"training/a.csv": GOOD, "training/b.jsonl": '{"label":"a","text":"x"}\n{"label":"a"}\n'},
        {},
        "ROW_INVALID",
        "training/b.jsonl, line 2",
    ),
    "non-text field": (
        {"training/b.jsonl": '{"label":"a","text":7}\n'},
        {},
        "ROW_INVALID",
        "'text' is a int, not text",
    ),
    "missing column": (
        {"training/a.csv": "kind,words,when\na,x,1\n"},
        {"text_column": "word", "label_column": "kind"},
        "COLUMN_MISSING",
        "'word'; there are 'kind', 'words', 'when'",
    ),
    "typo": ({"training/a.csv": GOOD}, {"dropuot": "0.5"}, "HYPERPARAMETER_UNKNOWN", "dropout?"),
    "engine of another recipe": (
        {"training/a.csv": GOOD},
        {"recipe": "stacked", "engine": "fast"},
        "HYPERPARAMETER_INVALID",
        "Set engine to auto",
    ),
    "documents too short for the windows": (
        {"training/a.csv": GOOD},
        {"recipe": "stacked", "sequence_length": "mean"},
        "HYPERPARAMETER_INVALID",
        "sequence_length=mean gives 2 tokens",
    ),
    "range": ({"training/a.csv": GOOD}, {"epochs": "0"}, "HYPERPARAMETER_INVALID", "epochs is '0'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_input_is_told(training: TrainingEnvironment, fault: str) -> None:
    """The job exits non-zero, and the failure file begins with the cause and what to do."""
    files, hyperparameters, code, hint = FAULTS[fault]
    for name, content in files.items():
        training.write(name, content)
    training.configure("hyperparameters.json", hyperparameters)
    job = training.run()
    assert job.code == 1
    assert job.failure.startswith(code)
    assert hint in job.failure[:1024]
    assert job.failure.index(hint) < job.failure.index("Traceback")
    assert "Traceback" not in job.output
    assert not list(training.model.glob("*"))


def test_sigterm_in_the_first_epoch_leaves_a_valid_model(training: TrainingEnvironment) -> None:
    """A stopped job validates what it has, saves it and exits 0."""
    training.write_csv(
        "training/a.csv", [(letter.label, letter.text) for letter in letters(3000, seed=3)]
    )
    training.configure(
        "hyperparameters.json", {**SMALL, "epochs": "1000", "patience": "1000", "report": "true"}
    )
    process = training.start()
    assert process.stdout
    for line in process.stdout:
        if "training starts" in line:
            process.send_signal(signal.SIGTERM)
            break
    job = training.finish(process)
    assert job.code == 0, job.output
    metrics = artifact.load(training.model).metrics
    assert metrics["stopped_on_request"]
    assert len(metrics["epochs"]) == 1
    assert not job.failure
    assert (
        "The job was stopped before its end" in (training.output_data / "report.html").read_text()
    )


def test_sigterm_before_training_leaves_no_half_model(training: TrainingEnvironment) -> None:
    """While documents are read there is nothing to save: exit 0, an empty model folder."""
    rows = [(letter.label, letter.text) for letter in letters(2000, seed=3)] * 20
    training.write_csv("training/a.csv", rows)
    training.configure("inputdataconfig.json", {"training": {}, "extra": {}})
    process = training.start()
    assert process.stdout
    assert "'extra' is not read" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    job = training.finish(process)
    assert job.code == 0, job.output
    assert "there is no model to write" in job.output
    assert not list(training.model.glob("*"))


def test_without_arguments_the_package_trains_where_there_is_input(
    training: TrainingEnvironment,
) -> None:
    """ContainerEntrypoint and local mode may start the image without a command."""
    training.configure("hyperparameters.json", {"tokeniser": "words"})
    command = ["python3", "-m", "text_classification"]
    result = subprocess.run(
        command, env=environment(training.root), capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "Did you mean tokenizer?" in result.stdout


def test_commands_find_their_package_from_anywhere(training: TrainingEnvironment) -> None:
    """As the demo prints it: an interpreter with the requirements, and the path of the command."""
    training.write("training/a.csv", GOOD)
    training.configure("hyperparameters.json", {"dropuot": "0.5"})
    result = subprocess.run(
        [sys.executable, PROGRAMS / "train"],
        env={"SAGEMAKER_BASE_DIR": str(training.root), "PATH": os.environ["PATH"]},
        cwd=training.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "Did you mean dropout?" in result.stdout


def test_commands_are_executable_files() -> None:
    """SageMaker looks for programs of these names on PATH."""
    assert all((PROGRAMS / name).stat().st_mode & 0o111 for name in ("train", "serve"))


def test_bar_is_shown_on_a_terminal_alone(tmp_path: Path) -> None:
    """Whoever watches sees steps and the time left; the lines of the log stay what they are."""
    job = TrainingEnvironment(tmp_path)
    job.write_csv("training/a.csv", [(each.label, each.text) for each in letters(200, seed=1)])
    job.configure("hyperparameters.json", SMALL)
    watcher, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 100))
    with subprocess.Popen(
        [PROGRAMS / "train"],
        env={**environment(tmp_path), "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
    ) as process:
        os.close(terminal)
        output, _ = process.communicate(timeout=TIMEOUT)
    seen = os.read(watcher, 1 << 16).decode()
    os.close(watcher)
    assert process.returncode == 0
    assert "epoch 1 of at most 2" in seen
    assert "/5" in seen  # 160 documents, 32 a step
    assert len(re.findall(r"INFO epoch \d+:", output)) == 2
    assert "of at most" not in output
    assert "of at most" not in job.run().output
