# %% [markdown]
# # Operating it
#
# | | |
# |---|---|
# | **takes** | two minutes on the emulator; an hour or two on AWS, mostly waiting for instances |
# | **costs** | nothing on the emulator; on AWS what is said below |
# | **creates** | the foundation of `textcnn`, two training jobs, four endpoints, their logs |
#
# The last cell removes all of it and asserts that nothing is left. On AWS you are billed for the
# seconds of two training jobs; for each endpoint on an instance (three of the four), by the second,
# from its creation to its deletion, and for both instances while an update runs; for the alarms of
# the endpoints, by the month; and for what is stored in S3 until you remove it. The endpoint that
# is serverless is billed for the time that it computes. No price is written here: `textcnn` says
# what an hour costs, as AWS's Pricing API tells it, before it makes anything.
#
# A model that answers is the beginning. This notebook deploys one in three ways, sends an update
# that fails and sees how it is rolled back, notices that what comes in is no longer what the model
# learned from, trains it further, and puts two models behind one endpoint. It gives the commands
# that a person would give, and boto3 where there is no command.

# %%
ON_AWS = False  # True: your account and region, as boto3 finds them

# %%
from support import prepare

prepare()  # puts the project's packages in reach, and sets the look of the pictures

# %%
import atexit
import csv
import json
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import PercentFormatter

from leftovers import leftovers
from letters import Letter, letters
from support import BLUE, GREY, INK, LIGHT, ORANGE, ROOT, name_rows
from textcnn.emulator.server import Emulator

emulator = None
if not ON_AWS:
    emulator = Emulator().start()
    atexit.register(emulator.stop)  # if the notebook is closed halfway
    os.environ.pop("AWS_PROFILE", None)
    os.environ.update(emulator.environment)

session = boto3.Session()
sagemaker, runtime, s3 = map(session.client, ("sagemaker", "sagemaker-runtime", "s3"))
WORDS = ("letters", "textcnn", "text-classification")  # one of them is in each name below
before = leftovers(session, *WORDS)
assert "cloudformation: textcnn-foundation" not in before, (
    "textcnn is in use in this region, and the end of this notebook would remove it: take another"
)

folder = Path(tempfile.mkdtemp(prefix="operating-"))
os.chdir(folder)


# %% [markdown]
# Commands are shown as they would be given in the project's folder, with all that they print.

# %%
# Jupyter asks programs for colours and moving bars; a page shows neither.
plain = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
plain |= {"NO_COLOR": "1", "COLUMNS": "100"}


def textcnn(command: str, code: int = 0) -> None:
    """Give a command and show what it prints; it must end with this code."""
    print(f"$ ./textcnn {command}", flush=True)
    told = subprocess.run(
        [sys.executable, "-m", "textcnn", *shlex.split(command)],
        env=plain,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    # On the emulator each job has a folder of its own in the place of /opt/ml.
    print(re.sub(r"/\S+/sagemaker-emulator-\S+/algo-1(?=/)", "/opt/ml", told.stdout))
    assert told.returncode == code, f"exit code {told.returncode}"


def asked_of_textcnn(command: str) -> Any:
    """Give a command and return the object that it prints for programs."""
    return json.loads(
        subprocess.check_output(
            [sys.executable, "-m", "textcnn", *shlex.split(command), "--output", "json"],
            env=plain,
            stderr=subprocess.DEVNULL,
        )
    )


textcnn("setup --yes")
if ON_AWS:  # the emulator runs what is installed here, and its repository has a `latest` at once
    subprocess.run(
        [ROOT / "build_and_push.sh", "text-classification"],
        env={**os.environ, "AWS_REGION": session.region_name, "LATEST": "1"},
        check=True,
    )

# %% [markdown]
# ## 1. A model
#
# Letters in 14 categories to learn from, and others to validate on: what the model answers to those
# is kept in its archive as the **baseline** that part 4 compares with.


# %%
def write(name: str, documents: list[Letter]) -> None:
    """Write documents as a channel, a folder with one CSV file."""
    (folder / name).mkdir()
    with (folder / name / "documents.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("label", "text"), *((d.label, d.text) for d in documents)])


held_out = list(letters(300, seed=2))
write("letters", list(letters(500, seed=1)))
write("held-out", held_out)

stamp = f"{datetime.now(UTC):%m%d-%H%M%S}"  # a job's name can be used once in an account
first, second = f"letters-{stamp}-first", f"letters-{stamp}-second"
settings = "--set recipe=wide --set refit=false --set keras_export=false --max-runtime 30m --yes"
textcnn(f"train letters --validation held-out --name {first} --set epochs=16 {settings}")

# %% [markdown]
# ## 2. Three kinds of endpoints
#
# The archive is the same; what differs is who waits for whom, and what is billed while nobody asks
# ([endpoints.md](../docs/endpoints.md)). Serverless is the default. Those on instances end by
# themselves after `--for`, so that a forgotten one does not cost for weeks.

# %%
textcnn(f"deploy {first} --name letters-serverless --yes")

# %%
instance = "--instance-type ml.m5.large --for 8h --capture 100 --bake-seconds 0 --yes"
textcnn(f"deploy {first} --name letters {instance}")

# %%
textcnn(f"deploy {first} --name letters-later --async --for 8h --yes")

# %% [markdown]
# All three are asked by the same command. The last takes its request from S3 and leaves the answer
# there, which the command does for you.

# %%
text = "Please note: coverage ends at 12:01 a.m. on 4/1/2026. A bill may follow."
for endpoint in ("letters-serverless", "letters", "letters-later"):
    textcnn(f"ask --endpoint {endpoint} {shlex.quote(text)}")

# %%
textcnn("ls")
textcnn("rm letters-serverless --yes")
textcnn("rm letters-later --yes")

# %% [markdown]
# ## 3. An update that fails
#
# Somebody deploys an archive that is none. The new instance starts beside the old one, cannot
# unpack it, and is taken away; all the while the old one answers. A model that unpacks and cannot
# be loaded ends the same way: its container never says 200 to `/ping`.

# %%
bucket = f"textcnn-{session.client('sts').get_caller_identity()['Account']}-{session.region_name}"
s3.put_object(Bucket=bucket, Key="jobs/letters-broken/model.tar.gz", Body=b"no archive at all")
before_update = sagemaker.describe_endpoint(EndpointName="letters")
broken = f"s3://{bucket}/jobs/letters-broken/model.tar.gz"
textcnn(f"deploy {broken} --image latest --name letters {instance}", code=1)

# %% [markdown]
# The command fails, as it should. SageMaker itself does not say so: the endpoint is `InService`
# again, and boto3's waiter is content. Whoever updates an endpoint must compare the configuration
# that it runs with the one that was wanted.

# %%
sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="letters")
found = sagemaker.describe_endpoint(EndpointName="letters")
print("status:              ", found["EndpointStatus"])
print("configuration before:", before_update["EndpointConfigName"])
print("configuration now:   ", found["EndpointConfigName"])
assert found["EndpointConfigName"] == before_update["EndpointConfigName"], "it was not rolled back"
textcnn(f"ask --endpoint letters {shlex.quote(text)}")

# %% [markdown]
# ## 4. Drift
#
# The endpoint captures what it is asked and what it answers, in S3. First come letters like those
# of training. Then one insurer stops writing letters and sends e-mails: the same matters in other
# words. We know the categories of both, which in real life nobody would, and use them only to see
# whether the warning is right.

# %%
EMAILS = {
    "BILL": (
        "Invoice attached, kindly wire {money} before Friday.",
        "Friendly nudge: {money} still outstanding on our ledger.",
    ),
    "POLICY CHANGE": (
        "We tweaked the limits, see the new version; deductible now {money}.",
        "Updated declarations uploaded after the homeowner rang us.",
    ),
    "BINDER": (
        "Interim cover is live while our underwriters finish up.",
        "Use the PDF below as proof until the final paperwork lands.",
    ),
    "CANCELLATION NOTICE": (
        "We pulled the plug on this one, no cover from midnight.",
        "Heads up: account terminated, nobody paid us.",
    ),
    "REINSTATEMENT NOTICE": (
        "Good news, cover switched back on, no gap whatsoever.",
        "Money arrived, everything revived as though nothing happened.",
    ),
    "DELETION OF INTEREST": (
        "Your bank got dropped from our file, loan sold elsewhere.",
        "Took you off as lienholder per the homeowner's wish.",
    ),
}
CHAT = (
    "Hope this finds you well!",
    "Ping me with questions :)",
    "Screenshot below.",
    "Sent from my phone.",
    "Cheers, Kim",
    "Thx and have a great weekend,",
    "Sorry for the late reply, crazy week here.",
    "Copying my colleague Jo from underwriting.",
    "Our new portal lets you download everything yourself.",
)


def emails(count: int, seed: int) -> list[Letter]:
    """Return e-mails, as many of each category in the long run."""
    chance = random.Random(seed)
    return [_email(chance.choice(list(EMAILS)), chance) for _ in range(count)]


def _email(label: str, chance: random.Random) -> Letter:
    act = chance.choice(EMAILS[label]).format(money=f"${chance.randrange(90, 4000)}")
    sentences = [act, *chance.sample(CHAT, chance.randint(2, 5))]
    chance.shuffle(sentences)
    return Letter(label, " ".join(("Hi team,", *sentences)))


print(emails(1, seed=0)[0].text)


# %%
def send(documents: list[Letter]) -> float:
    """Ask the endpoint, 20 documents a request; return the share that is answered rightly."""
    right = 0
    for begin in range(0, len(documents), 20):
        part = documents[begin : begin + 20]
        answered = runtime.invoke_endpoint(
            EndpointName="letters",
            ContentType="application/json",
            Body=json.dumps([document.text for document in part]),
        )
        predictions = json.loads(answered["Body"].read())["predictions"]
        right += sum(p["label"] == d.label for p, d in zip(predictions, part, strict=True))
    return right / len(documents)


def next_second() -> datetime:
    """Wait for a new second and return it: captures are stamped by the second."""
    now = datetime.now(UTC)
    time.sleep(1 - now.microsecond / 1_000_000)
    return datetime.now(UTC).replace(microsecond=0)


def captured(since: datetime, count: int) -> Any:
    """Compare what was captured since then with the baseline, once so many are written."""
    deadline = time.monotonic() + (1800 if ON_AWS else 60)
    while True:
        compared = asked_of_textcnn(f"drift letters --since {since.isoformat()}")
        if compared["now"]["documents"] >= count:
            return compared
        assert time.monotonic() < deadline, compared
        time.sleep(30 if ON_AWS else 0.5)  # captures are written some moments later


week = list(letters(300, seed=3))
began = next_second()
right_on_letters = send(week)
drifts = {"letters": captured(began, len(week))}

began = next_second()
right_on_emails = send(emails(300, seed=4))
drifts["e-mails"] = captured(began, 300)

textcnn(f"drift letters --since {began.isoformat()} --page drift.html")

# %% [markdown]
# The page `drift.html` has the same figures. Here they are for both: at training in grey, then in
# colour. Shares of unknown words and scores are counted in 20 bins.

# %%
VERDICTS = {"keep": "keep the model", "look": "look at answers", "retrain": "train anew"}
figure, panels = plt.subplots(2, 3, figsize=(10, 5.4), width_ratios=(1, 1, 1.2))
middles = (np.arange(20) + 0.5) / 20
for row, (name, compared) in zip(panels, drifts.items(), strict=True):
    colour = BLUE if compared["verdict"] == "keep" else ORANGE
    for axes, kind in zip(row, ("unknown", "scores"), strict=False):
        old, new = (
            np.array(compared[side][kind]) / compared[side]["documents"]
            for side in ("before", "now")
        )
        axes.bar(middles, new, width=0.05, color=colour, edgecolor="white", linewidth=0.5)
        axes.stairs(old, np.linspace(0, 1, 21), color=INK, linewidth=1.4)
        axes.yaxis.set_major_formatter(PercentFormatter(1))
        axes.set_xlim(0, 0.7 if kind == "unknown" else 1)
    shares = {
        side: {
            label: n / compared[side]["documents"] for label, n in compared[side]["labels"].items()
        }
        for side in ("before", "now")
    }
    # Counters of which | keeps the larger share: labels that matter on either side.
    larger = Counter(shares["before"]) | Counter(shares["now"])
    labels = [label for label, _ in larger.most_common(8)]
    for side, offset, shade in (("before", -0.2, GREY), ("now", 0.2, colour)):
        row[2].barh(
            np.arange(len(labels)) + offset,
            [shares[side].get(label, 0) for label in labels],
            height=0.38,
            color=shade,
        )
    name_rows(row[2], [label.title()[:20] for label in labels])
    row[2].xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    row[0].set_title(f"{name.capitalize()}: {VERDICTS[compared['verdict']]}", color=colour)
    row[0].set_ylabel("share of documents")
panels[0, 1].set_title("Line and grey: at training")
panels[1, 0].set_xlabel("share of unknown words")
panels[1, 1].set_xlabel("score of the answer")
panels[1, 2].set_xlabel("share of the answers")
plt.show()

# %%
print(f"right, of the letters: {right_on_letters:.0%}; of the e-mails: {right_on_emails:.0%}")
assert drifts["letters"]["verdict"] != "retrain"
assert drifts["e-mails"]["verdict"] == "retrain"

# %% [markdown]
# ## 5. Train further
#
# Someone has read some of the e-mails and given them categories. The earlier model goes in as the
# channel `model`: its words keep what was learned of them, new ones are added. Letters go in too,
# so that they are not forgotten.

# %%
write("letters-and-emails", [*letters(300, seed=5), *emails(200, seed=6)])
write("held-out-both", [*held_out[:150], *emails(150, seed=7)])
textcnn(
    f"train letters-and-emails --validation held-out-both --model {first} --name {second} "
    f"--set epochs=8 --set keras_export=false --set refit=false --max-runtime 30m --yes"
)

# %% [markdown]
# The same command that made the endpoint updates it. This time it runs the new configuration, and
# the command says so.

# %%
textcnn(f"deploy {second} --name letters {instance}")
began = next_second()
after = {"letters": send(week), "e-mails": send(emails(300, seed=4))}
earlier = {"letters": right_on_letters, "e-mails": right_on_emails}
verdict = captured(began, 600)["verdict"]

figure, axes = plt.subplots(figsize=(10, 1.8))
axes.hlines([0, 1], list(earlier.values()), list(after.values()), color=LIGHT, linewidth=5)
axes.scatter(list(earlier.values()), [0, 1], s=80, color=GREY, label="the first model", zorder=2)
axes.scatter(list(after.values()), [0, 1], s=80, color=BLUE, label="trained further", zorder=3)
name_rows(axes, list(earlier))
axes.set_xlim(0, 1.02)
axes.xaxis.set_major_formatter(PercentFormatter(1))
axes.set_xlabel("answered rightly")
axes.set_title(
    f"E-mails: from {earlier['e-mails']:.0%} to {after['e-mails']:.0%}; "
    f"letters: from {earlier['letters']:.0%} to {after['letters']:.0%}"
)
axes.legend(loc="upper left", ncols=2)
plt.show()
print(f"drift of both together, from the new model's own baseline: {verdict}")

# %% [markdown]
# These e-mails are made of a handful of sentences, so they are learned at once; real ones take
# more. Watch both rows all the same: what is learned anew must not cost what was known.

# %% [markdown]
# ## 6. Many models behind one endpoint
#
# Where there is a model for each customer, they can share an instance: all archives below one
# prefix are asked by name, and each is loaded when it is first asked for. The template that
# `textcnn deploy` uses makes it. Here both of our models share one.

# %%
models = {"first": first, "further": second}
for name, job in models.items():
    archive = sagemaker.describe_training_job(TrainingJobName=job)["ModelArtifacts"]
    source = archive["S3ModelArtifacts"].removeprefix("s3://")
    s3.copy_object(Bucket=bucket, Key=f"many/{name}.tar.gz", CopySource=source)

cloudformation = session.client("cloudformation")
(foundation,) = cloudformation.describe_stacks(StackName="textcnn-foundation")["Stacks"]
outputs = {each["OutputKey"]: each["OutputValue"] for each in foundation["Outputs"]}
parameters = {
    "EndpointName": "letters-many",
    "Kind": "instance",
    "ModelMode": "MultiModel",
    "ModelDataUrl": f"s3://{bucket}/many/",
    "Image": f"{outputs['RepositoryUri']}:latest",
    "RoleArn": outputs["RoleArn"],
    "Workers": "1",
}
cloudformation.create_stack(
    StackName="textcnn-endpoint-letters-many",
    TemplateBody=(ROOT / "cloud/textcnn/templates/endpoint.yaml").read_text("utf-8"),
    Parameters=[
        {"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()
    ],
    Tags=[{"Key": "project", "Value": "textcnn"}],
)
cloudformation.get_waiter("stack_create_complete").wait(
    StackName="textcnn-endpoint-letters-many",
    WaiterConfig={"Delay": 20 if ON_AWS else 1, "MaxAttempts": 600},
)
asked_about = emails(1, seed=8)[0]
print(f"{asked_about.label}: {asked_about.text}\n")
for name in ("first", "further", "first", "further"):
    began_at = time.perf_counter()
    answered = runtime.invoke_endpoint(
        EndpointName="letters-many",
        TargetModel=f"{name}.tar.gz",
        ContentType="text/plain",
        Body=asked_about.text.encode(),
    )
    (prediction,) = json.loads(answered["Body"].read())["predictions"]
    milliseconds = 1000 * (time.perf_counter() - began_at)
    print(f"{name:8} {prediction['label']:22} {prediction['score']:.2f} {milliseconds:6.0f} ms")

# %% [markdown]
# The first request to each model waits until it is loaded; the second does not.
#
# ## 7. Leave nothing
#
# `rm --all` shows its plan and carries it out: endpoints before their configurations and models,
# then logs, the bucket with all that is in it, the repository and the roles.

# %%
textcnn("rm --all --yes")

# %%
left_over = sorted(set(leftovers(session, *WORDS)) - set(before))
assert not left_over, left_over
if emulator:
    emulated = Path(emulator.folder)
    atexit.unregister(emulator.stop)
    emulator.stop()
    assert not emulated.exists()
os.chdir(ROOT / "notebooks")
shutil.rmtree(folder)
print("nothing is left")
