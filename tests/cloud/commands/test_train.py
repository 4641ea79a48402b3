"""``textcnn train`` from a folder to scores, on the real emulator."""

import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from letters import letters
from textcnn.emulator.server import Emulator
from textcnn.foundation import Foundation
from textcnn.results import Trained

from .conftest import QUICK, Command, Told, pointed_at, run
from .documents import write_letters

Client = Callable[[str], Any]
pytestmark = pytest.mark.usefixtures("foundation")


@pytest.fixture(scope="module")
def trained(
    emulator: Emulator,
    foundation: Foundation,
    letters_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Told:
    """A model trained by the command, with its output in a folder."""
    output = str(tmp_path_factory.mktemp("output"))
    arguments = ("--folder", output, "--yes", "--output", "json")
    with pointed_at(emulator):
        told = run("train", str(letters_folder), *QUICK, *arguments)
    assert told.code == 0, told.err
    assert told.read(Trained).model.startswith(f"s3://{foundation.bucket}/jobs/")
    return told


def test_a_folder_becomes_a_model_with_scores(trained: Told, client: Client):
    """The result has the scores of the model's own metrics.json and what the job cost."""
    result = trained.read(Trained)
    assert result.status == "Completed"
    assert set(result.scores) == {"validation", "test"}
    assert 0 <= result.scores["test"]["accuracy"] <= 1
    assert result.scores["test"]["documents"] == 20
    assert result.cost.billable_seconds >= 1
    assert result.cost.amount is None, "the emulator has no prices, so none may be made up"
    report = json.loads((Path(result.folder) / "metrics.json").read_text())
    assert report["test"]["accuracy"] == result.scores["test"]["accuracy"]
    client("s3").head_object(**_place(result.model))


def test_the_log_and_a_table_of_epochs_are_shown(trained: Told):
    """Epochs are rows below one heading, and the table is made of the job's own metrics."""
    lines = trained.err.splitlines()
    heading = next(line for line in lines if line.startswith("epoch"))
    assert "validation accuracy" in heading
    first, second = (line for line in lines if line.lstrip().startswith(("1  ", "2  ")))
    assert len(first) == len(second) == len(heading)
    assert any("documents to train on" in line for line in lines)
    assert not any("epoch 1:" in line for line in lines), "an epoch is told once"


def test_the_job_is_asked_for_as_it_should_be(
    trained: Told, client: Client, foundation: Foundation
):
    """Digest, metrics, spot with checkpoints, limits, and channels that are manifests."""
    job = client("sagemaker").describe_training_job(TrainingJobName=trained.read(Trained).job)
    assert "@sha256:" in job["AlgorithmSpecification"]["TrainingImage"]
    metrics = {each["Name"] for each in job["AlgorithmSpecification"]["MetricDefinitions"]}
    assert {"validation:accuracy", "epoch:seconds"} <= metrics
    assert job["EnableManagedSpotTraining"]
    assert job["StoppingCondition"]["MaxWaitTimeInSeconds"] > 4 * 3600
    assert job["CheckpointConfig"]["S3Uri"].endswith(f"/checkpoints/{job['TrainingJobName']}/")
    sources = [channel["DataSource"]["S3DataSource"] for channel in job["InputDataConfig"]]
    assert {source["S3DataType"] for source in sources} == {"ManifestFile"}
    assert job["RoleArn"] == foundation.role_arn
    tags = client("sagemaker").list_tags(ResourceArn=job["TrainingJobArn"])["Tags"]
    assert {"Key": "project", "Value": "textcnn"} in tags


def test_the_same_command_shows_the_same_job(
    trained: Told, textcnn: Command, letters_folder: Path, client: Client
):
    """Nothing is paid for twice: the job that has ended is told, and no other is created."""
    job = trained.read(Trained).job
    before = _jobs(client)
    told = textcnn("train", str(letters_folder), *QUICK, "--yes", "--output", "json")
    assert told.code == 0
    assert told.read(Trained).job == job
    assert "has ended before: Completed" in told.err
    assert _jobs(client) == before


def test_a_changed_document_is_uploaded_alone(
    trained: Told, textcnn: Command, letters_folder: Path, tmp_path: Path
):
    """What S3 has is not sent again, and another content means another job."""
    folder = tmp_path / "letters"
    shutil.copytree(letters_folder, folder)
    write_letters(folder / "training/letters.csv", 81)
    told = textcnn("train", str(folder), *QUICK, "--dry-run")
    requests = json.loads(told.out)["dry_run"]
    sent = [each["arguments"] for each in requests if each["method"] == "upload_file"]
    assert [each["Filename"] for each in sent] == [str(folder / "training/letters.csv")]
    created = requests[-1]["arguments"]
    assert created["TrainingJobName"] != trained.read(Trained).job


def test_folders_that_are_classes_stay_so(textcnn: Command, tmp_path: Path, client: Client):
    """A document a file, with a README beside the folders; the model has the folders' names."""
    found = list(letters(120, seed=1))
    for number, letter in enumerate(found):
        path = tmp_path / "letters" / letter.label / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(letter.text, encoding="utf-8")
    (tmp_path / "letters/README.md").write_text("Of last year.", encoding="utf-8")
    told = textcnn("train", str(tmp_path / "letters"), *QUICK, "--yes", "--output", "json")
    assert told.code == 0, told.err
    content = client("s3").get_object(**_place(told.read(Trained).model))["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        labels = json.load(archive.extractfile("labels.json") or io.BytesIO())
    assert set(labels) == {letter.label for letter in found}
    assert "training/README.md is left out" in told.err


def test_a_dry_run_shows_the_requests_and_sends_none(
    textcnn: Command, letters_folder: Path, client: Client
):
    """The requests are those of boto3, and the service knows no such job afterwards."""
    told = textcnn("train", str(letters_folder), "--set", "epochs=7", "--dry-run")
    assert told.code == 0
    requests = json.loads(told.out)["dry_run"]
    assert requests[-1]["service"] == "sagemaker"
    assert requests[-1]["method"] == "create_training_job"
    assert requests[-1]["arguments"]["HyperParameters"] == {"epochs": "7"}
    assert requests[-1]["arguments"]["TrainingJobName"] not in _jobs(client)


def test_a_name_of_another_job_is_refused(trained: Told, textcnn: Command, letters_folder: Path):
    """A name says nothing of what is in the job, so it is compared."""
    job = trained.read(Trained).job
    told = textcnn("train", str(letters_folder), "--name", job, "--set", "epochs=9", "--yes")
    assert told.code == 2
    assert "with other data, settings or image" in told.err


def test_it_goes_on_from_an_earlier_model(trained: Told, textcnn: Command, letters_folder: Path):
    """--model takes the name of a job; --validation and --tag are asked for as well."""
    job = trained.read(Trained).job
    validation = str(letters_folder / "test")
    told = textcnn(
        *("train", str(letters_folder / "training"), "--model", job, "--validation", validation),
        *("--tag", "team=claims", "--no-spot", "--dry-run"),
    )
    request = json.loads(told.out)["dry_run"][-1]["arguments"]
    channels = {
        each["ChannelName"]: each["DataSource"]["S3DataSource"]
        for each in request["InputDataConfig"]
    }
    assert set(channels) == {"training", "validation", "model"}
    assert channels["model"]["S3Uri"].endswith(f"{job}/output/model.tar.gz")
    assert {"Key": "team", "Value": "claims"} in request["Tags"]
    assert not request["EnableManagedSpotTraining"]
    assert "MaxWaitTimeInSeconds" not in request["StoppingCondition"]


def test_a_model_is_registered_once(trained: Told, textcnn: Command, client: Client):
    """The package has the model, its scores, and waits for approval; there is one."""
    job = trained.read(Trained).job
    arguments = ("train", "--follow", job, "--register", "letters", "--output", "json")
    first, second = textcnn(*arguments), textcnn(*arguments)
    assert first.code == second.code == 0, first.err + second.err
    arn = first.read(Trained).model_package
    assert second.read(Trained).model_package == arn
    package = client("sagemaker").describe_model_package(ModelPackageName=arn)
    assert package["ModelApprovalStatus"] == "PendingManualApproval"
    quality = package["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"]
    body = client("s3").get_object(**_place(quality))["Body"].read()
    scores = json.loads(body)["multiclass_classification_metrics"]
    assert scores["accuracy"]["value"] == first.read(Trained).scores["test"]["accuracy"]


def test_a_tuning_job_ends_with_its_best_model(textcnn: Command, letters_folder: Path):
    """SageMaker draws from the image's search space; the result is that of the best job."""
    space = '{"dropout": {"low": 0.1, "high": 0.5}, "filters": [8, 16]}'
    quick = [each for each in QUICK if not each.startswith("filters")]
    quick = [each for index, each in enumerate(quick) if quick[index : index + 2] != ["--set"] * 2]
    told = textcnn(
        *("train", str(letters_folder), *quick, "--set", f"search_space={space}"),
        *("--tuning-job", "2", "--yes", "--output", "json"),
    )
    assert told.code == 0, told.err
    result = told.read(Trained)
    assert result.tuning_job.startswith("textcnn-letters")
    assert result.job.startswith(result.tuning_job)
    assert result.scores["test"]["documents"] == 20
    assert sum("dropout=" in line for line in told.err.splitlines()) == 2


def test_a_refused_quota_says_what_to_do(
    textcnn: Command, letters_folder: Path, emulator: Emulator
):
    """Without spot there is nothing to fall back to."""
    emulator.account.faults.add("quota", "sagemaker:CreateTrainingJob")
    told = textcnn("train", str(letters_folder), "--set", "epochs=8", "--no-spot", "--yes")
    assert told.code == 3
    assert "Service Quotas" in told.err


def test_a_failed_job_tells_its_reason_as_it_is(
    textcnn: Command, tmp_path: Path, emulator: Emulator, client: Client
):
    """The cause is shown, now and when the command is given again; --again tries once more.

    New accounts have no quota for spot instances: the job is created on demand, and that is told.
    """
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/a.csv").write_text("label,text\nred,2\nblue,3\n")
    emulator.account.faults.add("quota", "sagemaker:CreateTrainingJob")
    first, second = (textcnn("train", "broken", *QUICK, "--yes") for _ in range(2))
    for told in (first, second):
        assert told.code == 1
        assert "LABELS_INVALID: the 2 training documents have 2 labels" in told.err.splitlines()[-2]
        assert "model.tar.gz" not in told.out, "a failed job has no model"
    assert "no quota for spot instances" in first.err
    assert "has ended before: Failed" in second.err
    (name,) = (job for job in _jobs(client) if "broken" in job)
    refused = textcnn("deploy", name, "--yes")
    assert "has no model: AlgorithmError: LABELS_INVALID" in refused.err
    assert "Traceback" not in refused.err
    job = client("sagemaker").describe_training_job(TrainingJobName=name)
    assert not job["EnableManagedSpotTraining"]
    request = textcnn("train", "broken", *QUICK, "--again", "--dry-run")
    again = json.loads(request.out)["dry_run"][-1]["arguments"]
    assert again["TrainingJobName"] == f"{name}-2"
    assert again["CheckpointConfig"] == job["CheckpointConfig"], "it goes on where it can"


def _place(uri: str) -> dict[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return {"Bucket": bucket, "Key": key}


def _jobs(client: Client) -> list[str]:
    pages = client("sagemaker").get_paginator("list_training_jobs").paginate()
    return [each["TrainingJobName"] for page in pages for each in page["TrainingJobSummaries"]]
