# %% [markdown]
# # The same with the sagemaker SDK
#
# | | |
# |---|---|
# | **takes** | about a minute on the emulator; a quarter of an hour on AWS, mostly waiting |
# | **costs** | nothing on the emulator; on AWS some cents, as told below |
# | **creates** | a training job, a model, an endpoint with its configuration, their logs, |
# | | documents and models in a bucket, a temporary folder |
#
# The last cells remove all of it and assert that nothing is left. On AWS you are billed for some
# minutes of one `ml.c5.xlarge`; for the seconds that the serverless endpoint computes, and nothing
# while nobody asks it; and for what is stored in S3 and CloudWatch Logs until you remove it.
#
# Version 3 of the SDK puts `ModelTrainer` and `ModelBuilder` in the place of `Estimator` and
# `Model`. Both take the image as it is: it needs no `source_code`, no entry point and none of the
# SDK's own images. We train a model, in Docker on this machine too, deploy it, ask it, and take all
# of it away. What to look out for is on [the page of the SDK](../docs/sagemaker_sdk.md).
#
# The SDK asks for so many packages that it has an environment of its own. `make notebooks` runs
# this notebook in it; to open it in Jupyter,
#
# ```sh
# make cloud-here            # what the emulator needs; end it with Ctrl+C
# make .venv-sdk/sdk.installed
# .venv-sdk/bin/python -m ipykernel install --user --name textcnn-sdk
# ```
#
# and choose the kernel `textcnn-sdk`.

# %% [markdown]
# ## 1. Here or on AWS
#
# As it stands, all of this happens on the emulator, on this machine. For AWS, run
# `./textcnn setup` and `LATEST=1 ./build_and_push.sh text-classification` first, and say `True`.

# %%
ON_AWS = False

# %% [markdown]
# The emulator is a program of another environment. It prints the settings by which boto3, and
# with it the SDK, find it. `textcnn setup` then makes there what it makes on AWS: a bucket, a role
# and a repository, as a stack of CloudFormation.

# %%
import atexit
import os
import re
import subprocess
import tempfile
from pathlib import Path

import boto3

from support import ROOT, prepare

prepare()  # puts the project's packages in reach, and sets the look of pictures
folder = Path(tempfile.mkdtemp(prefix="with-the-sagemaker-sdk-"))


def start_emulator() -> subprocess.Popen[str]:
    """Start it on a free port, and turn this notebook's calls to it."""
    with (folder / "emulator.log").open("w") as log:
        program = subprocess.Popen(
            [ROOT / "textcnn", "emulator", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    atexit.register(program.terminate)
    assert program.stdout is not None
    settings = program.stdout.readline() + program.stdout.readline()
    os.environ.update(re.findall(r"(\w+)=(\S+)", settings))
    return program


emulator = None
if not ON_AWS:
    os.environ.pop("AWS_PROFILE", None)
    emulator = start_emulator()
    subprocess.run([ROOT / "textcnn", "setup", "--yes"], check=True, capture_output=True)

cloudformation = boto3.client("cloudformation")
(stack,) = cloudformation.describe_stacks(StackName="textcnn-foundation")["Stacks"]
made = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
bucket, role, image = made["BucketName"], made["RoleArn"], f"{made['RepositoryUri']}:latest"
print(bucket, role, image, sep="\n")

# %% [markdown]
# The SDK logs much, and draws boxes that tick while it waits: both off. `SAGEMAKER_VALIDATE_ROLE`
# keeps it from simulating the role's permissions, by which it refuses good roles. It also reports
# to AWS which of its functions are called, and says so in the log that is off here; the key
# `TelemetryOptOut` of the SDK's own configuration file ends that.

# %%
import logging

import rich

logging.disable(logging.INFO)
# It warns that it was told no region, although boto3 knows one.
logging.getLogger("sagemaker.core.utils.utils").setLevel(logging.ERROR)
rich.get_console().quiet = True
os.environ["SAGEMAKER_VALIDATE_ROLE"] = "false"

import json
import shutil
import tarfile
from importlib.metadata import version
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import display
from IPython.utils.capture import capture_output
from matplotlib.ticker import MaxNLocator, PercentFormatter
from sagemaker.core.helper.session_helper import Session
from sagemaker.core.inference_config import ServerlessInferenceConfig
from sagemaker.core.resources import EndpointConfig
from sagemaker.core.training.configs import (
    Compute,
    InputData,
    MetricDefinition,
    OutputDataConfig,
    StoppingCondition,
)
from sagemaker.serve import ModelBuilder
from sagemaker.serve.builder.schema_builder import SchemaBuilder
from sagemaker.train import ModelTrainer
from sagemaker.train.model_trainer import Mode

from leftovers import job_streams, leftovers
from letters import letters
from support import BLUE, GREY, ORANGE, coloured_words
from text_classification.contract.metric_lines import metric_definitions

PREFIX = "sdk-notebook"
print(f"sagemaker {version('sagemaker')}")

# %% [markdown]
# ## 2. Documents
#
# Letters to a mortgage servicer in 14 categories, in two channels.

# %%
documents = {"training": list(letters(800, seed=2026)), "test": list(letters(400, seed=2027))}
s3 = boto3.client("s3")
for channel, rows in documents.items():
    file = folder / "data" / channel / "letters.csv"
    file.parent.mkdir(parents=True)
    pd.DataFrame(rows).to_csv(file, index=False)
    s3.upload_file(str(file), bucket, f"{PREFIX}/data/{channel}/{file.name}")
    print(f"s3://{PREFIX}/data/{channel}/ {len(rows)} documents")

# %% [markdown]
# ## 3. Train: `ModelTrainer`
#
# The image prints lines such as `epoch 3: train_loss=0.4122 validation_accuracy=0.8917`; metric
# definitions are regular expressions by which SageMaker finds the numbers in them. The image's
# own list has all that it prints ([docs/metrics.md](../docs/metrics.md)).

# %%
# No extras: neither a last training on all documents, nor a Keras file, nor a report.
off = dict.fromkeys(("refit", "keras_export", "report"), "false")
hyperparameters = {"recipe": "wide", "epochs": "12", **off}
session = Session(default_bucket=bucket)  # else it makes a bucket of its own
trainer = ModelTrainer(
    training_image=image,
    role=role,
    sagemaker_session=session,
    base_job_name=PREFIX,
    compute=Compute(instance_type="ml.c5.xlarge", instance_count=1, volume_size_in_gb=10),
    stopping_condition=StoppingCondition(max_runtime_in_seconds=1200),
    output_data_config=OutputDataConfig(s3_output_path=f"s3://{bucket}/{PREFIX}/jobs"),
    hyperparameters=hyperparameters,
)
definitions = {each["Name"]: each["Regex"] for each in metric_definitions()}
trainer.with_metric_definitions(
    [MetricDefinition(name=name, regex=regex) for name, regex in definitions.items()]
)
trainer.train(
    input_data_config=[
        InputData(channel_name=channel, data_source=f"s3://{bucket}/{PREFIX}/data/{channel}/")
        for channel in documents
    ],
    wait=True,
    logs=False,
)
job = trainer._latest_training_job  # noqa: SLF001 - the SDK offers it nowhere else
job.refresh()
print(job.training_job_status, f"after {job.training_time_in_seconds} s of billed time")

# %% [markdown]
# ### Its metrics
#
# The job itself knows the last value of each.

# %%
final = {each.metric_name: each.value for each in job.final_metric_data_list}
table = pd.DataFrame(
    {
        part: {name: final.get(f"{part}:{name}") for name in ("accuracy", "macro_f1", "loss")}
        for part in ("train", "validation", "test")
    },
    dtype=float,
)
table = table.map(lambda value: "" if pd.isna(value) else f"{value:.3f}")
table.rename_axis(columns="last value of")

# %% [markdown]
# The values before it are in the job's log. CloudWatch draws them on AWS; here we read the same
# lines by the same expressions. While it learns, the job tells of the network alone. The recipe
# `wide` sets a linear model of n-grams beside it at the end: the last values are of both.

# %%
logs = boto3.client("logs")
session_of_boto3 = boto3.Session()
(stream,) = job_streams(session_of_boto3, job.training_job_name)
events = logs.get_log_events(logGroupName=stream[0], logStreamName=stream[1], startFromHead=True)
log = "\n".join(event["message"] for event in events["events"])


def epochs_of(log: str) -> list[str]:
    """Return what a log says of each epoch."""
    return re.findall(r"\bepoch \d+: .*", log)


curves = pd.DataFrame(
    {
        name: [float(found[1]) for line in epochs_of(log) if (found := re.search(regex, line))]
        for name, regex in definitions.items()
        if re.search(regex, epochs_of(log)[0])
    }
)
curves.index += 1
print(epochs_of(log)[0], epochs_of(log)[-1], sep="\n")

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3))
for part, colour in {"train": GREY, "validation": BLUE}.items():
    left.plot(curves[f"{part}:loss"], color=colour, marker=".", label=part)
left.set_title("Loss: mean cross-entropy")
left.set_ylim(bottom=0)
left.legend()
reached, together = curves["validation:accuracy"].max(), final["validation:accuracy"]
right.plot(curves["validation:accuracy"], color=BLUE, marker=".", label="accuracy")
right.plot(curves["validation:macro_f1"], color=ORANGE, marker=".", label="macro F1")
right.axhline(together, color=BLUE, linestyle="--", linewidth=1)
right.text(1, together - 0.02, "accuracy with n-grams", color=BLUE, va="top", size=9)
right.set_title(f"On validation: {reached:.0%} by the network, {together:.0%} with n-grams")
right.set_ylim(0, 1)
right.yaxis.set_major_formatter(PercentFormatter(1))
right.legend(loc="lower right", bbox_to_anchor=(1, 0.02))
for axes in (left, right):
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
plt.show()

# %% [markdown]
# ## 4. Train on this machine: local container mode
#
# The same class runs the image in Docker, with folders for channels, and no service at all. It is
# the quickest way to try a change of the image. It needs Docker with Compose, and the image that
# `make image` builds, or another that the environment variable `LOCAL_IMAGE` names. Where they
# are not there, the cell says so and goes on.

# %%
LOCAL_IMAGE = os.environ.get("LOCAL_IMAGE", "text-classification")


def answers(*command: str) -> bool:
    """Return whether a program is there and ends well."""
    return (
        bool(shutil.which(command[0]))
        and not subprocess.run(command, capture_output=True, check=False).returncode
    )


def lacking() -> str | None:
    """Return what local mode lacks on this machine."""
    if not answers("docker", "version"):
        return "no Docker engine answers"
    if not answers("docker", "compose", "version") and not answers("docker-compose", "version"):
        return "Docker Compose is not installed"
    if not answers("docker", "image", "inspect", LOCAL_IMAGE):
        return f"there is no image {LOCAL_IMAGE}: make image"
    return None


def train_here(root: Path) -> tuple[str, list[str]]:
    """Train in Docker; return what the container printed, and the names of the model's files."""
    trainer = ModelTrainer(
        training_mode=Mode.LOCAL_CONTAINER,
        training_image=LOCAL_IMAGE,
        role=role,
        sagemaker_session=session,
        base_job_name=PREFIX,
        compute=Compute(instance_type="local_cpu", instance_count=1),
        hyperparameters=hyperparameters,
        local_container_root=str(root),
    )
    channels = [
        InputData(channel_name=channel, data_source=str(folder / "data" / channel))
        for channel in documents
    ]
    with capture_output() as printed:
        trainer.train(input_data_config=channels, wait=True)
    # The container wrote as root; this lets the last cell remove it.
    mounted = ("--volume", f"{root}:/job", "--entrypoint", "chmod", LOCAL_IMAGE)
    assert answers("docker", "run", "--rm", *mounted, "-R", "a+rwX", "/job")
    with tarfile.open(root / "compressed_artifacts/model.tar.gz") as archive:
        return printed.stdout, sorted(archive.getnames())


problem = lacking()
if problem:
    print(f"LEFT OUT: local container mode; {problem}.")
else:
    printed, files = train_here(folder / "local")
    epochs = epochs_of(printed)
    print(f"{len(epochs)} epochs in Docker on this machine, the first and the last of them:")
    print(epochs[0], epochs[-1], "", f"Its model.tar.gz holds {', '.join(files)}.", sep="\n")

# %% [markdown]
# ## 5. Deploy: `ModelBuilder`
#
# `build` makes the model of SageMaker: the image, and the job's `model.tar.gz`. `deploy` makes the
# endpoint and its configuration. With a `ServerlessInferenceConfig` nothing is billed while nobody
# asks; with `instance_type` instead, an instance is billed until the endpoint is deleted.

# %%
text = documents["test"][0].text
builder = ModelBuilder(
    image_uri=image,
    s3_model_data_url=job.model_artifacts.s3_model_artifacts,
    role_arn=role,
    sagemaker_session=session,
    schema_builder=SchemaBuilder({"text": text}, {"predictions": []}),
    model_path=str(folder / "builder"),
)
with capture_output():
    model = builder.build(model_name=PREFIX)
    endpoint = builder.deploy(
        endpoint_name=PREFIX,
        inference_config=ServerlessInferenceConfig(memory_size_in_mb=2048, max_concurrency=5),
        wait=False,  # it would look every 30 seconds
    )
endpoint.wait_for_status("InService", poll=2)
print(endpoint.endpoint_name, endpoint.endpoint_status)

# %% [markdown]
# ## 6. Ask: `invoke`
#
# What is asked for beside the labels goes into the body as `parameters`
# ([all of them](../docs/options.md)), since a request to an endpoint has no other place for them.
# `explain` gives the words that led to the answer, `model` says which model gave it and `timing`
# where the time went.


# %%
def ask(*texts: str, **parameters: Any) -> dict[str, Any]:
    """Ask the endpoint for labels."""
    question = {"instances": [{"text": text} for text in texts], "parameters": parameters}
    answer = endpoint.invoke(body=json.dumps(question), content_type="application/json")
    return dict(json.loads(answer.body.read()))


answer = ask(text, top_k=3, explain=True, model=True, timing=True)
(prediction,) = answer["predictions"]
print(*(f"{each['score']:6.1%}  {each['label']}" for each in prediction["top"]), sep="\n")
why = prediction["explanation"]
title = f"{prediction['label']}: what speaks for it (blue) and against it (orange)"
display(coloured_words(title, why["tokens"], why["values"]))

# %%
told = answer["model"]
print(f"{told['name']}: {told['recipe']}, {told['labels']} labels, trained {told['trained']}")
for part, scores in told["scores"].items():
    print(f"accuracy on {part}: {scores['accuracy']:.3f}")
print(*(f"{name}: {milliseconds:.1f}" for name, milliseconds in answer["timing"].items()), sep="\n")

# %% [markdown]
# A request may hold many documents. All test letters at once must be answered as rightly as the
# job said of its model.

# %%
test = documents["test"]
found = ask(*(letter.text for letter in test), top_k=1)["predictions"]
right = sum(each["label"] == letter.label for each, letter in zip(found, test, strict=True))
assert abs(right / len(test) - final["test:accuracy"]) < 0.001
print(f"{right} of {len(test)} right ({right / len(test):.1%}), as the job had measured")

# %% [markdown]
# ## 7. Clean up
#
# `endpoint.delete()` leaves its configuration and the model: most accounts collect these. The log
# of the endpoint, the job and its log, and what is in the bucket belong to nobody's `delete()`
# either. Bucket, role and repository stay on AWS, for other models; `./textcnn rm --all` removes
# them.

# %%
configuration = EndpointConfig.get(endpoint_config_name=endpoint.endpoint_config_name)
endpoint.delete()
endpoint.wait_for_delete(poll=2, timeout=600)
configuration.delete()
model.delete()
logs.delete_log_group(logGroupName=f"/aws/sagemaker/Endpoints/{PREFIX}")
logs.delete_log_stream(logGroupName=stream[0], logStreamName=stream[1])
job.delete()
job.wait_for_delete(poll=2, timeout=600)
objects = boto3.resource("s3").Bucket(bucket).objects.filter(Prefix=f"{PREFIX}/")
deleted = [each["Key"] for answer in objects.delete() for each in answer["Deleted"]]
print("deleted:", *deleted, sep="\n")

# %% [markdown]
# Is anything of that name left?

# %%
jobs = boto3.client("sagemaker").list_training_jobs(NameContains=PREFIX)
left_over = leftovers(session_of_boto3, PREFIX)
left_over += [each.key for each in objects]
left_over += [each["TrainingJobName"] for each in jobs["TrainingJobSummaries"]]
assert not left_over, left_over
if emulator:
    emulator.terminate()
    assert emulator.wait() == 0
shutil.rmtree(folder)
assert not folder.exists()
print("nothing is left")
