"""SageMaker's own tuning: a training job for each set of hyperparameters."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.search_space import Choices, Interval, SearchSpace
from textcnn.aws import Aws
from textcnn.errors import CommandError, Exit
from textcnn.options import Context
from textcnn.results import Cost, Trained
from textcnn.training import attempts, hyperparameters, request, result
from textcnn.training.attempts import Attempts, describe_tuning_job
from textcnn.training.job_options import JobOptions
from textcnn.training.request import JobSpecification
from textcnn.training.training_job import default_folder
from textcnn.training.tuning_follow import children, follow

# What the image prints of the objectives that tuning knows.
OBJECTIVES = {"accuracy": "validation:accuracy", "macro_f1": "validation:macro_f1"}


class TuningJobs:
    """The kind of job that has SageMaker draw hyperparameters."""

    longest_name = attempts.LONGEST_TUNING

    def describe(self, aws: Aws, name: str) -> dict[str, Any] | None:
        """Return DescribeHyperParameterTuningJob's answer."""
        return describe_tuning_job(aws, name)

    def request(self, specification: JobSpecification, options: JobOptions) -> dict[str, Any]:
        """Return CreateHyperParameterTuningJob's members: the ranges are the image's own."""
        read, space = hyperparameters.check(specification.hyperparameters)
        if read.tuning_trials:
            raise CommandError(
                "the image's own study and a tuning job were asked for",
                "Give --tune or --tuning-job.",
                Exit.USAGE,
            )
        static = {
            name: value
            for name, value in specification.hyperparameters.items()
            if name != "search_space"
        }
        return {
            "HyperParameterTuningJobConfig": {
                "Strategy": "Bayesian",
                "HyperParameterTuningJobObjective": {
                    "Type": "Maximize",
                    "MetricName": _objective(read),
                },
                "ResourceLimits": {
                    "MaxNumberOfTrainingJobs": options.tuning_jobs,
                    "MaxParallelTrainingJobs": min(options.parallel, options.tuning_jobs),
                },
                "ParameterRanges": ranges(space),
            },
            "TrainingJobDefinition": {
                "StaticHyperParameters": static,
                **request.common(specification),
            },
        }

    def create(
        self,
        context: Context,
        options: JobOptions,
        specification: JobSpecification,
        tried: Attempts,
    ) -> None:
        """Create the job."""
        try:
            context.aws.change(
                "sagemaker",
                "create_hyper_parameter_tuning_job",
                HyperParameterTuningJobName=tried.next_name,
                **self.request(specification, options),
                Tags=request.tags(specification.guards),
            )
        except ClientError as error:
            if not attempts.is_taken(error):
                raise

    def follow(self, context: Context, name: str, folder: Path | None) -> Trained:
        """Follow the job and its training jobs; the result is that of the best one."""
        described = follow(context.aws, context.output, name)
        best = described.get("BestTrainingJob", {}).get("TrainingJobName")
        jobs = _described(context.aws, name)
        spent = _total([result.cost(context.aws, job) for job in jobs])
        if best is None:
            reason = described.get("FailureReason", "none of its training jobs has a score")
            return Trained(name, "Failed", reason=reason, cost=spent, tuning_job=name)
        job = next(each for each in jobs if each["TrainingJobName"] == best)
        trained = result.collect(context.aws, job, folder or default_folder(name))
        return replace(trained, cost=spent, tuning_job=name)

    def stop(self, aws: Aws, name: str) -> None:
        """End the job and the training jobs that run."""
        aws.change("sagemaker", "stop_hyper_parameter_tuning_job", HyperParameterTuningJobName=name)


def ranges(space: SearchSpace) -> dict[str, list[dict[str, Any]]]:
    """Return a search space in SageMaker's form."""
    integers, numbers, choices = [], [], []
    for name, part in space.items():
        if isinstance(part, Choices):
            choices.append({"Name": name, "Values": [str(value) for value in part.values]})
        elif Hyperparameters.model_fields[name].annotation is int:
            integers.append(_range(name, part, int))
        else:
            numbers.append(_range(name, part, float))
    return {
        "IntegerParameterRanges": integers,
        "ContinuousParameterRanges": numbers,
        "CategoricalParameterRanges": choices,
    }


def _range(name: str, part: Interval, kind: Callable[[float], float]) -> dict[str, str]:
    return {
        "Name": name,
        "MinValue": str(kind(part.low)),
        "MaxValue": str(kind(part.high)),
        "ScalingType": "Logarithmic" if part.log else "Linear",
    }


def _objective(read: Hyperparameters) -> str:
    """Return the metric to maximise: accuracy, unless one is set that training prints."""
    if "tuning_objective" not in read.model_fields_set:
        return OBJECTIVES["accuracy"]
    if read.tuning_objective not in OBJECTIVES:
        raise CommandError(
            f"a tuning job cannot go by {read.tuning_objective}, which training does not print",
            f"Set tuning_objective to {' or '.join(OBJECTIVES)}.",
            Exit.USAGE,
        )
    return OBJECTIVES[read.tuning_objective]


def _described(aws: Aws, name: str) -> list[dict[str, Any]]:
    jobs = (
        attempts.describe_training_job(aws, child["TrainingJobName"])
        for child in children(aws, name)
    )
    return [job for job in jobs if job is not None]


def _total(costs: list[Cost]) -> Cost | None:
    """Return the cost of all training jobs; they have the same machine."""
    if not costs:
        return None
    amounts = [cost.amount for cost in costs if cost.amount is not None]
    return Cost(
        costs[0].instance_type,
        costs[0].instance_count,
        sum(cost.billable_seconds or 0 for cost in costs),
        costs[0].hourly,
        sum(amounts) if amounts else None,
        costs[0].currency,
    )
