# %% [markdown]
# # Bring your own container
#
# | | |
# |---|---|
# | **takes** | about a minute on the emulator; half an hour on AWS, mostly waiting for instances |
# | **costs** | nothing on the emulator; on AWS what the list below says |
# | **creates** | a CloudFormation stack (bucket, two roles, repository), a training job, a model, |
# | | an endpoint with its configuration, a transform job, a second stack (a page: bucket, |
# | | CloudFront, HTTP API, function with its role), and their logs |
#
# The last cell removes all of it and asserts that nothing is left. On AWS you are billed for the
# seconds of one `ml.m5.large` that trains and of another for the batch transform, some minutes
# each; for the time that the serverless endpoint and the page's function compute, which here is
# seconds; for some requests to CloudFront and API Gateway; and for what is stored in S3, ECR and
# CloudWatch Logs until you remove it.
#
# The whole way of a container on Amazon SageMaker, with nothing but boto3: documents to S3, the
# image to ECR, a training job with its metrics, a serverless endpoint, requests, a batch
# transform, a page in front of the endpoint, and the way back.
#
# You need no account for it. As it stands, the notebook starts the emulator of this project in its
# own process. It answers the same requests with the same errors, trains by the same `train`
# command, and serves by the same `serve` command. With `ON_AWS = True` the same cells run in your
# account and region, as boto3 finds them.

# %%
ON_AWS = False

# %%
from support import prepare

prepare()  # puts the project's packages in reach, and sets the look of the pictures

# %%
import atexit
import io
import json
import os
import re
import subprocess
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import boto3
import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import display
from matplotlib.ticker import MaxNLocator, PercentFormatter

from leftovers import empty_bucket, job_streams, leftovers
from letters import letters
from support import BLUE, GREY, ORANGE, ROOT, coloured_words, name_rows, visit
from text_classification.contract.metric_lines import metric_definitions
from textcnn.emulator.server import Emulator
from textcnn.page.files import CACHING, read_files
from textcnn.page.function import function_zip
from textcnn.page.key import digest, new_key

emulator = None
if not ON_AWS:
    emulator = Emulator().start()
    atexit.register(emulator.stop)  # if the notebook is closed halfway
    os.environ.pop("AWS_PROFILE", None)
    # AWS_ENDPOINT_URL, a region and credentials that mean nothing: all that boto3 needs.
    os.environ.update(emulator.environment)

session = boto3.Session()
sagemaker = session.client("sagemaker")
account = session.client("sts").get_caller_identity()["Account"]
region = session.region_name
print(f"account {account}, region {region}: {'AWS' if ON_AWS else 'the emulator'}")

NAME = "bring-your-own"  # all names below begin with it
# boto3's waiters ask every 30 to 120 seconds; here that would be longer than the work.
WAIT = {"Delay": 20 if ON_AWS else 1, "MaxAttempts": 600}
assert not leftovers(session, NAME), "an earlier run has left something: remove it first"

# %% [markdown]
# ## 1. A bucket, a role, a repository
#
# What lives longer than a job belongs to CloudFormation: one template, one stack, one deletion.
# This is the template that `textcnn setup` uses, with names of its own. The bucket is encrypted
# and closed to the public; the role may read and write this bucket, pull this repository, and
# write logs and metrics, and nothing else.

# %%
cloudformation = session.client("cloudformation")
bucket = f"{NAME}-{account}-{region}"
cloudformation.create_stack(
    StackName=NAME,
    TemplateBody=(ROOT / "cloud/textcnn/templates/foundation.yaml").read_text("utf-8"),
    Parameters=[
        {"ParameterKey": "BucketName", "ParameterValue": bucket},
        {"ParameterKey": "RepositoryName", "ParameterValue": NAME},
    ],
    Capabilities=["CAPABILITY_IAM"],
    Tags=[{"Key": "project", "Value": "textcnn"}],
)
cloudformation.get_waiter("stack_create_complete").wait(StackName=NAME, WaiterConfig=WAIT)
(stack,) = cloudformation.describe_stacks(StackName=NAME)["Stacks"]
outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
role = outputs["RoleArn"]
for name, value in outputs.items():
    print(f"{name:18}{value}")

# %% [markdown]
# ## 2. The image, in ECR
#
# On AWS, `build_and_push.sh` builds the image and pushes it in the form that SageMaker takes: one
# platform, and a Docker manifest, not an OCI index. That needs Docker on this machine, and some
# minutes the first time.
#
# The emulator needs no Docker. It runs the container's commands as processes of this
# installation, each in a folder of its own that stands for `/opt/ml`; so nothing is built, and
# the repository has a `latest` from the start, which stands for what is installed here.

# %%
if ON_AWS:
    subprocess.run(
        [ROOT / "build_and_push.sh", NAME],
        env={**os.environ, "AWS_REGION": region, "LATEST": "1"},
        check=True,
    )
image = f"{outputs['RepositoryUri']}:latest"
(pushed,) = session.client("ecr").describe_images(
    repositoryName=NAME, imageIds=[{"imageTag": "latest"}]
)["imageDetails"]
print(image)
print(pushed["imageManifestMediaType"])

# %% [markdown]
# ## 3. Documents, to S3
#
# Letters to a mortgage servicer in 14 categories, written by `local_test/letters.py`: CSV with the
# header `label,text`. Each channel of the job is a prefix: `training` is learned from, and `test`
# is asked at the very end. Your own files go the same way ([formats](../docs/training_data.md)).

# %%
s3 = session.client("s3")
channels = {
    "training": pd.DataFrame(letters(600, seed=2026)),
    "test": pd.DataFrame(letters(200, seed=2027)),
}
for channel, documents in channels.items():
    key = f"data/{channel}/letters.csv"
    s3.put_object(Bucket=bucket, Key=key, Body=documents.to_csv(index=False).encode())
    print(f"{len(documents)} documents in s3://{bucket}/{key}")
channels["training"].head(3)

# %% [markdown]
# ## 4. A training job
#
# One request says it all: the image, what to learn from, the hyperparameters (always strings; all
# are in [hyperparameters.md](../docs/hyperparameters.md)), the machine, where the model goes, and
# when to stop at the latest. `MetricDefinitions` are regular expressions that SageMaker applies to
# each line that the container prints; the image's own list finds every score of its log.

# %%
job = f"{NAME}-{datetime.now(UTC):%m%d-%H%M%S}"  # used once in an account
sagemaker.create_training_job(
    TrainingJobName=job,
    RoleArn=role,
    AlgorithmSpecification={
        "TrainingImage": image,
        "TrainingInputMode": "File",
        "MetricDefinitions": metric_definitions(),
    },
    HyperParameters={"recipe": "wide", "epochs": "24", "refit": "false", "keras_export": "false"},
    InputDataConfig=[
        {
            "ChannelName": channel,
            "ContentType": "text/csv",
            "DataSource": {
                "S3DataSource": {
                    "S3DataType": "S3Prefix",
                    "S3Uri": f"s3://{bucket}/data/{channel}/",
                    "S3DataDistributionType": "FullyReplicated",
                }
            },
        }
        for channel in channels
    ],
    OutputDataConfig={"S3OutputPath": f"s3://{bucket}/jobs"},
    ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
    StoppingCondition={"MaxRuntimeInSeconds": 1800},
)
sagemaker.get_waiter("training_job_completed_or_stopped").wait(
    TrainingJobName=job, WaiterConfig=WAIT
)
trained = sagemaker.describe_training_job(TrainingJobName=job)
model_data = trained["ModelArtifacts"]["S3ModelArtifacts"]
print(trained["TrainingJobStatus"], model_data, sep="\n")
print(f"billed: {trained['BillableTimeInSeconds']} s of one ml.m5.large")
for step in trained["SecondaryStatusTransitions"]:
    seconds = (step["EndTime"] - step["StartTime"]).total_seconds() if "EndTime" in step else 0
    print(f"{step['Status']:12}{seconds:6.1f} s  {step['StatusMessage']}")

# %% [markdown]
# ### Its log
#
# In CloudWatch Logs, one stream for each machine. While a job runs, `./textcnn train --follow JOB`
# shows the same lines as they come.

# %%
logs = session.client("logs")
pages = logs.get_paginator("filter_log_events").paginate(
    logGroupName="/aws/sagemaker/TrainingJobs", logStreamNamePrefix=f"{job}/"
)
log = [event["message"] for page in pages for event in page["events"]]
print(len(log), "lines; those that tell how it went:\n")
scores = [line.partition(" INFO ")[2] for line in log if "_loss=" in line]
print("\n".join([*scores[:3], "...", *scores[-3:]]))

# %% [markdown]
# ### Its metrics
#
# The last value of each metric is in the job's description. CloudWatch has them all, but no finer
# than by the minute: too coarse for a model that is trained in seconds. So the curves below come
# from the log, by the very expressions that SageMaker was given.

# %%
expressions = {each["Name"]: re.compile(each["Regex"]) for each in metric_definitions()}
epochs = pd.DataFrame(
    {
        name: float(found[1])
        for name, expression in expressions.items()
        if (found := expression.search(line))
    }
    for line in log
    if re.search(r"\bepoch \d+:", line)
)
epochs.index += 1
final = {each["MetricName"]: each["Value"] for each in trained["FinalMetricDataList"]}
accuracy = final["test:accuracy"]

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2))
left.plot(epochs["train:loss"], color=GREY, linestyle="--", label="training")
left.plot(epochs["validation:loss"], color=BLUE, label="validation")
right.plot(epochs["validation:accuracy"], color=BLUE, label="accuracy")
right.plot(epochs["validation:macro_f1"], color=ORANGE, label="macro F1, every class alike")
for axes in (left, right):
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("epoch")
    axes.set_xlim(left=1)
    axes.set_ylim(bottom=0)
left.legend(loc="lower left")
right.legend(loc="lower right")
left.set_title("The loss falls (mean cross-entropy, in nats)")
right.set_title(f"Validation; on test {accuracy:.1%} are right in the end")
right.yaxis.set_major_formatter(PercentFormatter(1))
plt.show()

# %%
pd.Series(final, name="last value").to_frame().style.format("{:.3f}")

# %% [markdown]
# ## 5. Deploy
#
# Three things are made. A **model** is the image and an archive in S3. An **endpoint
# configuration** says what runs it: here nothing that is billed while nobody asks, a serverless
# variant. An **endpoint** is an address that runs a configuration. When it is `InService`, the
# container has loaded the model, tried it, and answered `/ping`.

# %%
sagemaker.create_model(
    ModelName=NAME,
    ExecutionRoleArn=role,
    PrimaryContainer={"Image": image, "ModelDataUrl": model_data},
)
sagemaker.create_endpoint_config(
    EndpointConfigName=NAME,
    ProductionVariants=[
        {
            "VariantName": "AllTraffic",
            "ModelName": NAME,
            "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5},
        }
    ],
)
sagemaker.create_endpoint(EndpointName=NAME, EndpointConfigName=NAME)
sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=NAME, WaiterConfig=WAIT)
print(sagemaker.describe_endpoint(EndpointName=NAME)["EndpointStatus"])

# %% [markdown]
# ## 6. Ask
#
# A body, its type, an answer. What else is wanted is said in the body, since InvokeEndpoint hands
# no other header over: the reasons (`explain`), which model it was (`model`), and where the time
# went (`timing`). All options are in [options.md](../docs/options.md).

# %%
runtime = session.client("sagemaker-runtime")
unseen = list(letters(300, seed=2028))
question = {
    "text": unseen[7].text,
    "parameters": {"top_k": 3, "explain": True, "model": True, "timing": True},
}
answered = runtime.invoke_endpoint(
    EndpointName=NAME, ContentType="application/json", Body=json.dumps(question)
)
answer = json.loads(answered["Body"].read())
(prediction,) = answer["predictions"]
for each in prediction["top"]:
    print(f"{each['score']:7.1%}  {each['label']}")
print(f"\nin truth: {unseen[7].label}")

# %% [markdown]
# The score of a label is made of a sum over the words, so what each word adds is exact and no
# estimate. Blue speaks for the answer, orange against it.

# %%
reasons = prediction["explanation"]
display(coloured_words(f"{prediction['label']}, since", reasons["tokens"], reasons["values"]))

# %% [markdown]
# Which model it was, with its scores and limits, and the server's times in milliseconds:

# %%
model = answer["model"]
print(f"{model['name']}: recipe {model['recipe']}, {model['labels']} labels")
print("limits:", model["limits"])
print("timing:", answer["timing"])

# %% [markdown]
# A request that cannot be answered is told by the container, and what it told is in the error:

# %%
try:
    runtime.invoke_endpoint(EndpointName=NAME, ContentType="application/json", Body='{"txt": "?"}')
except runtime.exceptions.ModelError as error:
    print(error.response["OriginalStatusCode"], error.response["OriginalMessage"])

# %% [markdown]
# ## 7. A file of documents: batch transform
#
# Where no caller waits, a job starts a machine, sends a file through the same model, and stops the
# machine. `JoinSource` writes each record with its answer beside it, so that nothing has to be
# matched by line numbers afterwards.

# %%
records = [{"id": n, "category": each.label, "text": each.text} for n, each in enumerate(unseen)]
s3.put_object(
    Bucket=bucket,
    Key="batch/letters.jsonl",
    Body="".join(json.dumps(record) + "\n" for record in records).encode(),
)
sagemaker.create_transform_job(
    TransformJobName=job,
    ModelName=NAME,
    BatchStrategy="MultiRecord",
    MaxPayloadInMB=6,
    TransformInput={
        "DataSource": {
            "S3DataSource": {
                "S3DataType": "S3Prefix",
                "S3Uri": f"s3://{bucket}/batch/letters.jsonl",
            }
        },
        "ContentType": "application/jsonlines",
        "SplitType": "Line",
    },
    TransformOutput={
        "S3OutputPath": f"s3://{bucket}/batch/answers",
        "Accept": "application/jsonlines",
        "AssembleWith": "Line",
    },
    DataProcessing={
        "JoinSource": "Input",
        "OutputFilter": "$['id','category','SageMakerOutput']",
    },
    TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
)
sagemaker.get_waiter("transform_job_completed_or_stopped").wait(
    TransformJobName=job, WaiterConfig=WAIT
)
print(sagemaker.describe_transform_job(TransformJobName=job)["TransformJobStatus"])

# %%
written = s3.get_object(Bucket=bucket, Key="batch/answers/letters.jsonl.out")["Body"].read()
joined = pd.json_normalize(pd.read_json(io.BytesIO(written), lines=True).to_dict("records"))
joined.columns = joined.columns.str.replace("SageMakerOutput.", "answer.", regex=False)
assert list(joined["id"]) == [record["id"] for record in records]
joined[["id", "category", "answer.label", "answer.score", "answer.unknown_share"]].head()

# %%
joined["right"] = joined["answer.label"] == joined["category"]
edges = [0, 0.5, 0.7, 0.9, 0.99, 1]
bands = [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
band = pd.cut(joined["answer.score"], edges, labels=bands, include_lowest=True)
counts = pd.crosstab(band, joined["right"], dropna=False).reindex(
    bands[::-1], columns=[True, False], fill_value=0
)

figure, axes = plt.subplots(figsize=(10, 2.6))
axes.barh(range(len(counts)), counts[True], color=BLUE, label="right")
axes.barh(range(len(counts)), counts[False], left=counts[True], color=ORANGE, label="wrong")
for row, (good, bad) in enumerate(zip(counts[True], counts[False], strict=True)):
    told = f" {good / (good + bad):.0%} of {good + bad}" if good + bad else " none"
    axes.text(good + bad, row, told, va="center", size=9)
name_rows(axes, list(counts.index))
sure = joined["answer.score"] >= 0.9
axes.set_title(
    f"{joined['right'].mean():.1%} of {len(joined)} answers are right, "
    f"and {joined['right'][sure].mean():.1%} of the {sure.sum()} with a score of 0.9 or more"
)
axes.set_xlim(right=1.12 * counts.sum(axis=1).max())
axes.set_ylabel("score of the answer")
axes.set_xlabel("letters")
axes.legend(loc="lower right")
plt.show()

# %% [markdown]
# ## 8. A page in front of it
#
# So far who asks needs credentials of this account. A page lets others ask, without a server: files
# in a private bucket behind CloudFront, and on the same domain `/invocations`, by an HTTP API with
# a throttle and a function that checks a key and asks the endpoint. One more template, one more
# stack. `textcnn page deploy` does what this section does, and [more](../docs/page_on_aws.md).
#
# The function is a zip in S3. The key is random, and nobody keeps it: the stack has its SHA-256.

# %%
key = new_key()
s3.put_object(Bucket=bucket, Key="pages/function.zip", Body=function_zip())
given = {
    "EndpointName": NAME,
    "EndpointArn": sagemaker.describe_endpoint(EndpointName=NAME)["EndpointArn"],
    "CodeBucket": bucket,
    "CodeKey": "pages/function.zip",
    "KeyDigest": digest(key),
    "Alarms": "false",  # they are billed by the month
}
cloudformation.create_stack(
    StackName=f"{NAME}-page",
    TemplateBody=(ROOT / "cloud/textcnn/templates/page.yaml").read_text("utf-8"),
    Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()],
    Capabilities=["CAPABILITY_IAM"],
    Tags=[{"Key": "project", "Value": "textcnn"}],
)
cloudformation.get_waiter("stack_create_complete").wait(StackName=f"{NAME}-page", WaiterConfig=WAIT)
(stack,) = cloudformation.describe_stacks(StackName=f"{NAME}-page")["Stacks"]
page = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
for name, value in page.items():
    print(f"{name:18}{value}")

# %% [markdown]
# The files are those that the container serves at `/`, but for the one that says where to ask.

# %%
for file in read_files(None, key=True):
    s3.put_object(
        Bucket=page["BucketName"],
        Key=file.path,
        Body=file.content,
        ContentType=file.type,
        CacheControl=CACHING,
    )
address = f"{'https' if ON_AWS else 'http'}://{page['DomainName']}"
status, headers, body = visit(address, "/")
print(status, headers["content-type"], len(body), "bytes")
print(headers["content-security-policy"])

# %% [markdown]
# The link to give away is the address with `#key=...` behind it. While this notebook waits here, it
# opens in a browser on this machine. What the page does is this, with the key as a header; without
# it, nobody is asked and nothing is paid for:

# %%
asked = json.dumps(question).encode()
for name, value in (("the key", key), ("a guess", "a-guess")):
    status, headers, body = visit(
        address, "/invocations", asked, content_type="application/json", x_page_key=value
    )
    told = json.loads(body)
    print(f"with {name}: {status},", told["predictions"][0]["label"] if status == 200 else told)

# %% [markdown]
# Its log has a line for each request, and neither the text nor the key:

# %%
lines: list[str] = []
while sum('"answered"' in line for line in lines) < 2:
    time.sleep(1)
    events = logs.filter_log_events(logGroupName=page["LogGroupName"])["events"]
    lines = [each["message"] for each in events]
assert not [line for line in lines if key in line or unseen[7].text in line]
told = json.loads(lines[-1])
print({name: told[name] for name in ("status", "code", "request_characters", "milliseconds")})

# %% [markdown]
# ## 9. The way back
#
# The page and the endpoint first, since they are what could cost; then configuration, model and
# logs, which belong to no stack. Then the bucket is emptied, and the stack takes bucket, repository
# and roles with it. Deleting an endpoint deletes neither its configuration nor its model: these are
# what most accounts collect.

# %%
empty_bucket(session, page["BucketName"])
cloudformation.delete_stack(StackName=f"{NAME}-page")
cloudformation.get_waiter("stack_delete_complete").wait(StackName=f"{NAME}-page", WaiterConfig=WAIT)
sagemaker.delete_endpoint(EndpointName=NAME)
sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=NAME, WaiterConfig=WAIT)
sagemaker.delete_endpoint_config(EndpointConfigName=NAME)
sagemaker.delete_model(ModelName=NAME)
logs.delete_log_group(logGroupName=f"/aws/sagemaker/Endpoints/{NAME}")
for group, stream in list(job_streams(session, NAME)):
    logs.delete_log_stream(logGroupName=group, logStreamName=stream)
empty_bucket(session, bucket)
cloudformation.delete_stack(StackName=NAME)
cloudformation.get_waiter("stack_delete_complete").wait(StackName=NAME, WaiterConfig=WAIT)

# %% [markdown]
# Is anything left of that name, in any of the services that were used? The jobs' records are:
# AWS keeps them for ever, and bills nothing for them.

# %%
left_over = leftovers(session, NAME)
assert not left_over, left_over
if emulator:
    folder = Path(emulator.folder)
    atexit.unregister(emulator.stop)
    emulator.stop()
    assert not folder.exists()
print("nothing is left")
