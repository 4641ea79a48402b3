"""Tuning jobs draw hyperparameters, run training jobs and find the best of them."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.cloud.emulator.shapes import assert_complete
from tests.cloud.training import ENDED, LIMIT_SECONDS, PAUSE_SECONDS, job_request, put_letters
from tests.support.emulated import Client
from tests.support.waiting import wait_until
from text_classification.contract.metric_lines import metric_definitions

RANGES = {
    "IntegerParameterRanges": [{"Name": "filters", "MinValue": "8", "MaxValue": "16"}],
    "ContinuousParameterRanges": [
        {
            "Name": "learning_rate",
            "MinValue": "0.001",
            "MaxValue": "0.01",
            "ScalingType": "Logarithmic",
        }
    ],
    "CategoricalParameterRanges": [{"Name": "batch_size", "Values": ["16", "32"]}],
}
NOT_OF_A_DEFINITION = ("TrainingJobName", "HyperParameters")


@pytest.fixture(scope="module", autouse=True)
def data(client: Client, bucket: str) -> None:
    put_letters(client("s3"), bucket, "letters/letters.csv")


@pytest.fixture(scope="module")
def asked(bucket: str, role: str) -> Callable[..., dict[str, Any]]:
    """What makes requests of CreateHyperParameterTuningJob."""

    def request(name: str, epochs: str = "1", **configuration: Any) -> dict[str, Any]:
        job = job_request("unused", bucket, role)
        job["AlgorithmSpecification"]["MetricDefinitions"] = metric_definitions()
        definition = {key: job[key] for key in job if key not in NOT_OF_A_DEFINITION}
        tuned = ("filters", "batch_size")
        static = {key: job["HyperParameters"][key] for key in job["HyperParameters"]} | {
            "epochs": epochs
        }
        for key in tuned:
            static.pop(key)
        return {
            "HyperParameterTuningJobName": name,
            "HyperParameterTuningJobConfig": {
                "Strategy": "Bayesian",
                "HyperParameterTuningJobObjective": {
                    "Type": "Minimize",
                    "MetricName": "validation:loss",
                },
                "ResourceLimits": {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 2},
                "ParameterRanges": RANGES,
                "RandomSeed": 7,
                **configuration,
            },
            "TrainingJobDefinition": {**definition, "StaticHyperParameters": static},
        }

    return request


def wait_for_tuning(sagemaker: Any, name: str) -> dict[str, Any]:
    """Return a tuning job's description when it has ended; boto3 has no waiter for them."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while True:
        described: dict[str, Any] = sagemaker.describe_hyper_parameter_tuning_job(
            HyperParameterTuningJobName=name
        )
        if described["HyperParameterTuningJobStatus"] in ENDED:
            return described
        assert time.monotonic() < deadline, described
        time.sleep(PAUSE_SECONDS)


@pytest.fixture(scope="module")
def tuned(client: Client, asked: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """A tuning job of two training jobs, when it has ended."""
    client("sagemaker").create_hyper_parameter_tuning_job(**asked("tuned"))
    return wait_for_tuning(client("sagemaker"), "tuned")


def children(client: Client, **options: Any) -> list[dict[str, Any]]:
    listed = client("sagemaker").list_training_jobs_for_hyper_parameter_tuning_job(**options)
    summaries: list[dict[str, Any]] = listed["TrainingJobSummaries"]
    return summaries


def test_the_best_training_job_has_the_least_loss(client: Client, tuned: dict[str, Any]) -> None:
    assert tuned["HyperParameterTuningJobStatus"] == "Completed"
    ordered = children(
        client, HyperParameterTuningJobName="tuned", SortBy="FinalObjectiveMetricValue"
    )
    losses = [each["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for each in ordered]
    assert losses == sorted(losses)
    assert tuned["BestTrainingJob"]["TrainingJobName"] == ordered[0]["TrainingJobName"]


def test_the_counters_count(tuned: dict[str, Any]) -> None:
    assert tuned["TrainingJobStatusCounters"]["Completed"] == 2
    assert tuned["ObjectiveStatusCounters"] == {"Succeeded": 2, "Pending": 0, "Failed": 0}


def test_answers_have_all_that_the_services_model_requires(
    client: Client, tuned: dict[str, Any]
) -> None:
    sagemaker, name = client("sagemaker"), tuned["HyperParameterTuningJobName"]
    assert_complete("sagemaker", "DescribeHyperParameterTuningJob", tuned)
    listed = sagemaker.list_hyper_parameter_tuning_jobs(NameContains=name)
    assert_complete("sagemaker", "ListHyperParameterTuningJobs", listed)
    jobs = sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name
    )
    assert_complete("sagemaker", "ListTrainingJobsForHyperParameterTuningJob", jobs)


def test_values_lie_in_their_ranges_and_reach_the_training_job(
    client: Client, tuned: dict[str, Any]
) -> None:
    for child in children(client, HyperParameterTuningJobName="tuned"):
        drawn = child["TunedHyperParameters"]
        assert 8 <= int(drawn["filters"]) <= 16
        assert 0.001 <= float(drawn["learning_rate"]) <= 0.01
        assert drawn["batch_size"] in {"16", "32"}
        job = client("sagemaker").describe_training_job(TrainingJobName=child["TrainingJobName"])
        given = job["HyperParameters"]
        assert given.items() >= drawn.items()
        assert given["_tuning_objective_metric"] == "validation:loss"
        assert job["TuningJobArn"] == tuned["HyperParameterTuningJobArn"]


def test_training_jobs_are_named_after_their_tuning_job(
    client: Client, tuned: dict[str, Any]
) -> None:
    name = tuned["HyperParameterTuningJobName"]
    listed = children(client, HyperParameterTuningJobName=name)
    assert {each["TrainingJobName"][:10] for each in listed} == {"tuned-001-", "tuned-002-"}


def test_stopping_stops_the_training_jobs(
    client: Client, asked: Callable[..., dict[str, Any]]
) -> None:
    sagemaker = client("sagemaker")
    limits = {"MaxNumberOfTrainingJobs": 9, "MaxParallelTrainingJobs": 1}
    request = asked("stopped", epochs="10000", ResourceLimits=limits)
    sagemaker.create_hyper_parameter_tuning_job(**request)
    wait_until(lambda: bool(children(client, HyperParameterTuningJobName="stopped")))
    sagemaker.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName="stopped")
    described = wait_for_tuning(sagemaker, "stopped")
    assert described["HyperParameterTuningJobStatus"] == "Stopped"
    assert described["TrainingJobStatusCounters"]["Stopped"] == 1
    sagemaker.delete_hyper_parameter_tuning_job(HyperParameterTuningJobName="stopped")
    with pytest.raises(sagemaker.exceptions.ResourceNotFound, match="called stopped"):
        sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName="stopped")


def test_a_grid_of_failures_fails(client: Client, asked: Callable[..., dict[str, Any]]) -> None:
    """A value that no container takes: both jobs of the grid fail, and so does the tuning job."""
    sagemaker = client("sagemaker")
    request = asked(
        "grid",
        Strategy="Grid",
        ResourceLimits={"MaxParallelTrainingJobs": 1},
        ParameterRanges={
            "CategoricalParameterRanges": [{"Name": "recipe", "Values": ["none", "other"]}]
        },
    )
    request["TrainingJobDefinition"]["StaticHyperParameters"].pop("recipe")
    sagemaker.create_hyper_parameter_tuning_job(**request)
    described = wait_for_tuning(sagemaker, "grid")
    assert described["FailureReason"].startswith("No training job succeeded after 2 attempts.")
    drawn = children(client, HyperParameterTuningJobName="grid")
    assert {each["TunedHyperParameters"]["recipe"] for each in drawn} == {"none", "other"}


OBJECTIVE = {"Type": "Maximize", "MetricName": "nothing"}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "objective": ({"HyperParameterTuningJobObjective": OBJECTIVE}, "A metric is required"),
    "strategy": ({"Strategy": "Hyperband"}, "does not know the strategy Hyperband"),
    "early stopping": ({"TrainingJobEarlyStoppingType": "Auto"}, "leave it Off"),
    "no ranges": ({"ParameterRanges": {}}, "needs ranges"),
    "a grid of numbers": ({"Strategy": "Grid"}, "takes categorical ranges alone"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_tuned_is_refused_at_once(
    client: Client, asked: Callable[..., dict[str, Any]], wrong: str
) -> None:
    changes, said = WRONG[wrong]
    with pytest.raises(ClientError, match=said):
        client("sagemaker").create_hyper_parameter_tuning_job(**asked("refused", **changes))
