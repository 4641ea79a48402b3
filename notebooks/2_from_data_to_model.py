# %% [markdown]
# # Text classification, from data to model
#
# | | |
# |---|---|
# | **takes** | two to three minutes on two processors |
# | **costs** | nothing: it needs no AWS, no account and no network |
# | **creates** | one temporary folder, which the last cell removes |
#
# We look at documents before we learn from them, train three networks by the very command that
# the image runs on SageMaker, hold them against a linear model, let Optuna search for better
# hyperparameters, and then ask the best model where it is wrong and why.
#
# The documents are letters to a mortgage servicer in 14 categories, written by
# `local_test/letters.py`. For your own, set the environment variable `DATA_FOLDER` to a folder
# with `train.csv` and `test.csv` (or `.csv.gz`), both with the header `label,text`, and run it
# again: nothing below knows the letters.

# %%
from support import prepare

prepare()  # puts the project's packages in reach, and sets the look of the pictures

# %%
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import optuna
import pandas as pd
import seaborn as sns
from IPython.display import display
from matplotlib.ticker import PercentFormatter
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import (
    average_precision_score,
    f1_score,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.neighbors import NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from letters import letters
from support import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LIGHT,
    ORANGE,
    PINK,
    ROOT,
    SKY,
    coloured_words,
    name_rows,
)
from text_classification import artifact
from text_classification.contract.channels import Channel
from text_classification.corpus.readers.channel import read_channel
from text_classification.corpus.readers.reading import Reading
from text_classification.errors import DataError
from text_classification.inference.classifier import Classifier

folder = Path(tempfile.mkdtemp(prefix="from-data-to-model-"))

# %% [markdown]
# ## 1. The documents

# %%
if "DATA_FOLDER" in os.environ:
    given = Path(os.environ["DATA_FOLDER"])
    train, test = (
        pd.read_csv(next(given.glob(f"{part}.csv*")), dtype=str, keep_default_na=False)
        for part in ("train", "test")
    )
else:
    train, test = pd.DataFrame(letters(400, seed=2026)), pd.DataFrame(letters(600, seed=2027))

for part in (train, test):
    part["words"] = part["text"].str.split().str.len()

print(f"{len(train):,} documents to train on, {len(test):,} to test on")
for label, text in train[["label", "text"]].sample(3, random_state=1).itertuples(index=False):
    print(f"\n{label}\n    {text[:300]}{'…' if len(text) > 300 else ''}")

# %% [markdown]
# How many are there of each class, and how long are they? A class with a handful of documents
# cannot be learned from words alone, and a model that never answers it loses next to no accuracy:
# so we shall look at **macro F1** too, in which every class counts the same. The lengths say how
# many words a network has to read.

# %%
# The most frequent classes, as many as a picture has room for.
classes = train["label"].value_counts().index[:20]
counts = train["label"].value_counts()[classes]
rare = int((train["label"].value_counts() < 10).sum())

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 1 + 0.27 * len(classes)), sharey=True)
left.barh(range(len(classes)), counts, color=[ORANGE if n < 10 else BLUE for n in counts])
for row, count in enumerate(counts):
    left.text(count, row, f" {count:,}", va="center", size=9)
left.set_title(
    f"The largest class is {counts.iloc[0] / len(train):.0%} of all;\n"
    + (f"{rare} classes have fewer than 10 (orange)" if rare else "every class has 10 or more")
)
left.set_xlabel("documents to train on")
left.grid(visible=False)
left.spines["bottom"].set_visible(False)
left.set_xticks([])

sns.boxplot(
    train[train["label"].isin(classes)],
    x="words",
    y="label",
    order=list(classes),
    ax=right,
    color=SKY,
    linecolor=INK,
    linewidth=0.8,
    fliersize=2,
    width=0.6,
)
middle, long = train["words"].median(), train["words"].quantile(0.95)
right.axvline(middle, color=INK, linewidth=1, linestyle="--")
right.set_title(f"Half of them have {middle:.0f} words or more,\none in 20 over {long:.0f}")
right.set_xlabel("words of a document (dashed: median of all)")
right.set_ylabel("")
name_rows(left, classes)
right.tick_params("y", length=0)
plt.show()

# %% [markdown]
# ### Duplicates, and what is almost one
#
# A document that stands in the test set too is no test. Exact copies are easy to find; those that
# differ in a date or an amount are not. So numbers are masked, each test document is compared to
# its nearest neighbour in the training set (the cosine of their TF-IDF vectors), and we ask how
# far one would come by answering with that neighbour's label.

# %%
masked = {
    name: part["text"].str.lower().str.replace(r"\d+", "0", regex=True)
    for name, part in {"train": train, "test": test}.items()
}
tfidf = TfidfVectorizer(sublinear_tf=True, min_df=2)
neighbours = NearestNeighbors(n_neighbors=1, metric="cosine").fit(
    tfidf.fit_transform(masked["train"])
)
asked = test.sample(min(len(test), 2000), random_state=0).index
distances, nearest = neighbours.kneighbors(tfidf.transform(masked["test"][asked]))
similarity = 1 - distances[:, 0]
found = train["label"].to_numpy()[nearest[:, 0]] == test["label"][asked].to_numpy()

pd.DataFrame(
    {
        "documents": {
            "training documents that are copies": train["text"].duplicated().sum(),
            "training documents that differ from another in numbers alone": (
                masked["train"].duplicated().sum()
            ),
            "test documents that stand in the training set": test["text"].isin(train["text"]).sum(),
            "test documents that differ from one there in numbers alone": (
                masked["test"].isin(masked["train"]).sum()
            ),
            "training documents with two labels": (
                train.drop_duplicates(["label", "text"])["text"].duplicated().sum()
            ),
        }
    }
)

# %%
copies = int((similarity > 0.95).sum())
figure, axes = plt.subplots(figsize=(10, 3))
bins = [step / 50 for step in range(51)]
axes.hist(
    [similarity[found], similarity[~found]],
    bins=bins,
    stacked=True,
    color=[BLUE, ORANGE],
    edgecolor="white",
    label=["its label is right", "its label is wrong"],
)
axes.set_title(
    f"The nearest training document has the right label in {found.mean():.0%} of the cases;\n"
    f"test documents that are almost a copy of it (above 0.95): {copies or 'none'}"
)
axes.set_xlabel("similarity to the nearest training document (cosine, 1: the same words)")
axes.set_ylabel("test documents")
axes.set_xlim(0, 1)
axes.grid(visible=False, axis="x")
axes.legend(loc="upper left")
plt.show()

# %% [markdown]
# ### What the job's reader says
#
# A training job reads a *channel*: a folder with files in CSV, TSV, JSON, JSON Lines, Parquet or
# BlazingText's format. Its reader is at hand here, so a faulty file is found before a job is paid
# for. We write both channels, read them back, and then spoil two copies to see what it says.

# %%
data = folder / "data"
for channel, part in {"training": train, "test": test}.items():
    (data / channel).mkdir(parents=True)
    part[["label", "text"]].to_csv(data / channel / "documents.csv", index=False)

read = pd.DataFrame(read_channel(Channel("training", data / "training"), Reading()))
print(
    f"read {len(read):,} documents; the same as were written:",
    read.equals(train[["label", "text"]]),
)

spoilt: dict[str, list[tuple[str, ...]]] = {
    "a label is missing": [("label", "text"), ("BILL", "Please remit $10."), ("", "Thank you.")],
    "a comma is not quoted": [("label", "text"), ("BILL", "Please remit $10", " by mail.")],
    "no column is a text": [("label", "date"), ("BILL", "2026-11-02")],
}
for number, (problem, rows) in enumerate(spoilt.items()):
    channel_folder = folder / f"spoilt-{number}"
    channel_folder.mkdir()
    with (channel_folder / "letters.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    try:
        list(read_channel(Channel("training", channel_folder), Reading()))
    except DataError as error:
        print(f"\n{problem}:\n    {error}")

# %% [markdown]
# ## 2. A baseline
#
# Before any network: TF-IDF of words and pairs of them, and a linear support vector machine. On
# short or few documents it is hard to beat, takes a second, and says how hard the task is.

# %%
began = time.monotonic()
baseline = GridSearchCV(
    make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC()),
    {"linearsvc__C": [0.1, 0.3, 1, 3, 10]},
    cv=KFold(5, shuffle=True, random_state=0),
).fit(train["text"], train["label"])
answers = {"TF-IDF + SVM": baseline.predict(test["text"])}
seconds = {"TF-IDF + SVM": time.monotonic() - began}
print(f"chosen by cross-validation: {baseline.best_params_}")
print(f"accuracy on test: {(answers['TF-IDF + SVM'] == test['label']).mean():.1%}")

# %% [markdown]
# ## 3. Three networks
#
# | recipe | what it is |
# |---|---|
# | `stacked` | two convolutions one after the other, each with max pooling; Keras' classic |
# | `kim` | convolutions of three widths side by side ([Kim](https://arxiv.org/abs/1408.5882)) |
# | `wide` | `kim` with a linear model of n-grams beside it, their logits added |
#
# `train` is the program that the image runs on SageMaker. It wants its folders as `/opt/ml` has
# them, here below `SAGEMAKER_BASE_DIR`, and every hyperparameter as a string. All of them are in
# `docs/hyperparameters.md`.


# %%
def train_model(name: str, **hyperparameters: str) -> dict[str, Any]:
    """Run a training job and return its metrics.json."""
    job = folder / name
    shutil.copytree(data, job / "input/data")
    (job / "input/config").mkdir()
    (job / "checkpoints").mkdir()
    (job / "input/config/hyperparameters.json").write_text(json.dumps(hyperparameters))
    began = time.monotonic()
    run = subprocess.run(
        [sys.executable, ROOT / "container/text_classification/train"],
        env={**os.environ, "SAGEMAKER_BASE_DIR": str(job)},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise RuntimeError((job / "output/failure").read_text())
    seconds[name] = time.monotonic() - began
    print(f"{name}: {seconds[name]:.0f} s")
    scores: dict[str, Any] = json.loads((job / "model/metrics.json").read_text())
    return scores


# Few documents need more steps an epoch, and stacked a finer look at each of them.
common = {"report": "false", "keras_export": "false", "epochs": "40"}
few = {"batch_size": "16"} if len(train) < 2000 else {}
few_stacked = {"filters": "64", "strides": "1", "class_weights": "none"} if few else {}

metrics = {
    "stacked": train_model("stacked", recipe="stacked", **common, **few, **few_stacked),
    "kim": train_model("kim", recipe="kim", **common, **few),
    # Without refit: with it, wide trains once more on all documents, and has no curve to show.
    "wide": train_model("wide", recipe="wide", refit="false", **common, **few),
}

# %% [markdown]
# How did they learn? `metrics.json` has every epoch. Training goes on while the loss *or* the
# accuracy on validation gets better; the weights with the best accuracy are kept.

# %%
COLOURS = {
    "TF-IDF + SVM": GREY,
    "stacked": ORANGE,
    "kim": BLUE,
    "kim, tuned": SKY,
    "wide": GREEN,
}

figure, panels = plt.subplots(1, 3, figsize=(10, 3.2), sharey=True)
for axes, (name, scores) in zip(panels, metrics.items(), strict=True):
    epochs = pd.DataFrame(scores["epochs"]).set_index("epoch")
    kept = scores["best_epoch"]
    accuracy = epochs["validation:accuracy"][kept]
    axes.plot(epochs["train:loss"], color=GREY, linestyle="--", label="training")
    axes.plot(epochs["validation:loss"], color=COLOURS[name], label="validation")
    axes.plot(kept, epochs["validation:loss"][kept], "o", color=COLOURS[name])
    axes.set_title(
        f"{name}: epoch {kept} of {len(epochs)} is kept,\n{accuracy:.1%} right on validation"
    )
    axes.set_xlabel("epoch")
    axes.legend()
panels[0].set_ylabel("loss (mean cross-entropy, nats)")
panels[0].set_ylim(0)
plt.show()

# %% [markdown]
# ## 4. Tuning, with Optuna's own database
#
# With `tuning_trials` the job searches before it trains: here the learning rate, the size of the
# word vectors, the filters and the rest of what `kim` has to search. It leaves the study among the
# checkpoints, an SQLite file that Optuna reads like any of its own: nothing about it is special.

# %%
metrics["kim, tuned"] = train_model(
    "kim, tuned", recipe="kim", **common, **few, tuning_trials="16", tuning_epochs="8"
)
storage = f"sqlite:///{folder / 'kim, tuned/checkpoints/study.sqlite3'}"
(study_name,) = optuna.get_all_study_names(storage)
study = optuna.load_study(study_name=study_name, storage=storage)
print("the best of", len(study.trials), "trials:", study.best_params)

trials = study.trials_dataframe(attrs=("number", "value", "params", "state"))
trials.columns = trials.columns.str.removeprefix("params_")
trials.sort_values("value", ascending=False).head(5).round(4).set_index("number")

# %%
done, pruned = (trials[trials["state"] == state] for state in ("COMPLETE", "PRUNED"))
importance = optuna.importance.get_param_importances(study)
names = list(importance)

figure, (left, middle, right) = plt.subplots(1, 3, figsize=(10, 3.8))
left.step(done["number"], done["value"].cummax(), where="post", color=BLUE, label="best so far")
for axes, horizontal in ((left, "number"), (right, names[0])):
    shown = axes is left
    for part, look in ((done, {"marker": "o", "c": BLUE}), (pruned, {"marker": "x", "c": GREY})):
        name = "a trial" if part is done else "a trial that was given up early"
        axes.scatter(part[horizontal], part["value"], **look, label=name if shown else None)
left.set_title(
    f"The defaults (trial 0) reach {study.trials[0].value:.2f},\nthe best {study.best_value:.2f}"
)
left.set_xlabel("trial")
left.set_ylabel("mean PR-AUC on validation")

middle.barh(range(len(names)), list(importance.values()), color=BLUE)
middle.set_title(f"What matters: {names[0]}\n(few trials: a hint)")
middle.set_xlabel("importance (fANOVA, sums to 1)")
name_rows(middle, names)

right.set_title(f"The best {names[0]}:\n{study.best_params[names[0]]:.3g}")
right.set_xlabel(names[0])
right.set_ylabel("mean PR-AUC on validation")
figure.legend(loc="outside lower left", ncols=3)
plt.show()

# %% [markdown]
# ## 5. All of them on the same test set
#
# From here on the networks answer through `text_classification.inference`, which is what an
# endpoint answers with: NumPy and some C, no TensorFlow. Its accuracy must be the one that the job
# told. The intervals are what a test set of this size leaves open (bootstrap, 95 %).


# %%
def interval(right: np.ndarray) -> tuple[float, float]:
    drawn = np.random.default_rng(0).integers(0, len(right), (1000, len(right)))
    low, high = np.percentile(right[drawn].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


classifiers = {name: Classifier(artifact.load(folder / name / "model")) for name in metrics}
probabilities = {}
for name, classifier in classifiers.items():
    probabilities[name] = classifier.classify(test["text"].tolist()).probabilities
    answers[name] = np.array(classifier.labels)[probabilities[name].argmax(axis=1)]
    served = (answers[name] == test["label"]).mean()
    # Numbers rounded to int8 may change the label of a document that is on the edge.
    assert abs(served - metrics[name]["test"]["accuracy"]) < 0.01

table = []
for name in COLOURS:
    right_ = (answers[name] == test["label"]).to_numpy()
    low, high = interval(right_)
    model = folder / name / "model"
    table.append(
        {
            "model": name,
            "accuracy": right_.mean(),
            "low": low,
            "high": high,
            "macro F1": f1_score(test["label"], answers[name], average="macro"),
            "PR-AUC": metrics[name]["test"]["pr_auc"] if name in metrics else None,
            "training, s": round(seconds[name]),
            "MB": sum(file.stat().st_size for file in model.glob("*")) / 1e6
            if name in metrics
            else None,
        }
    )
scores = pd.DataFrame(table).set_index("model").sort_values("accuracy", ascending=False)
scores.style.format(
    dict.fromkeys(("accuracy", "low", "high", "macro F1", "PR-AUC"), "{:.1%}") | {"MB": "{:.1f}"},
    na_rep="",
).set_uuid("scores")

# %%
figure, axes = plt.subplots(figsize=(10, 2.6))
for row, (name, score) in enumerate(scores.iterrows()):
    axes.plot(
        [score["low"], score["high"]], [row, row], color=COLOURS[name], linewidth=3, alpha=0.4
    )
    axes.plot(score["accuracy"], row, "o", color=COLOURS[name], markersize=8)
    axes.plot(score["macro F1"], row, "D", color=COLOURS[name], markersize=6, fillstyle="none")
axes.plot([], [], "o-", color=INK, alpha=0.6, label="accuracy, with its interval")
axes.plot([], [], "D", color=INK, fillstyle="none", label="macro F1")
name_rows(axes, scores.index)
axes.xaxis.set_major_formatter("{x:.0%}")
axes.set_xlabel("of the test documents")
axes.set_title(
    f"{scores.index[0]} is right in {scores['accuracy'].iloc[0]:.1%}; "
    f"by macro F1 {scores['macro F1'].idxmin()} comes last, with {scores['macro F1'].min():.0%}"
)
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown]
# ### Where the difference is
#
# Average precision, class by class: the area under the class's precision-recall curve.

# %%
truth = {label: (test["label"] == label).to_numpy() for label in classes}
precision = pd.DataFrame(
    {
        name: {
            label: average_precision_score(truth[label], found[:, classifier.labels.index(label)])
            for label in classes
            if truth[label].any()
        }
        for (name, classifier), found in zip(
            classifiers.items(), probabilities.values(), strict=True
        )
    }
)

figure, axes = plt.subplots(figsize=(10, 1 + 0.3 * len(precision)))
markers = {"stacked": "s", "kim": "o", "kim, tuned": "^", "wide": "D"}
axes.hlines(
    range(len(precision)), precision.min(axis=1), precision.max(axis=1), color=LIGHT, zorder=1
)
for name in precision:
    axes.scatter(
        precision[name],
        range(len(precision)),
        s=46,
        marker=markers[name],
        edgecolor="white",
        linewidth=0.8,
        color=COLOURS[name],
        label=name,
    )
name_rows(axes, [f"{label}  ({counts[label]:,})" for label in precision.index])
axes.set_xlim(-0.02, 1.02)
axes.set_xlabel("average precision on test (1: every such document comes before all others)")
gap = (precision.max(axis=1) - precision.min(axis=1)).idxmax()
axes.set_title(f"The models differ most on {gap} ({counts[gap]} documents to train on)")
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown]
# ## 6. One model, looked at closely
#
# Chosen by validation, not by the test set: that one has to stay a test. In the curves, the three
# classes that it finds hardest have a colour; the others are grey.

# %%
best = max(metrics, key=lambda name: metrics[name]["validation"]["accuracy"])
classifier, found = classifiers[best], probabilities[best]
labels = np.array(classifier.labels)
answer, confidence = answers[best], found.max(axis=1)
wrong = np.flatnonzero(answer != test["label"])
print(f"{best}: {len(wrong)} of {len(test):,} test documents are answered wrongly")

# %%
worst = precision[best].nsmallest(3).index
highlights = dict(zip(worst, (ORANGE, PINK, BLUE), strict=False))
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 5))
least = 1.0
for label in sorted(precision.index, key=lambda label: label in highlights):
    score = found[:, classifier.labels.index(label)]
    colour, shown = highlights.get(label, LIGHT), label in highlights
    line = {"color": colour, "linewidth": 2.2 if shown else 1.2}
    wrongly, caught, _ = roc_curve(truth[label], score)
    area = roc_auc_score(truth[label], score)
    least = min(least, area)
    left.plot(wrongly, caught, **line, label=f"{label}: {area:.3f}" if shown else None)
    exact, recall, _ = precision_recall_curve(truth[label], score)
    area = precision[best][label]
    right.step(recall, exact, where="post", **line, label=f"{label}: {area:.2f}" if shown else None)
everything = test["label"].to_numpy()[:, None] == labels
wrongly, caught, _ = roc_curve(everything.ravel(), found.ravel())
left.plot(wrongly, caught, color=INK, linestyle="--", label="all answers together")
exact, recall, _ = precision_recall_curve(everything.ravel(), found.ravel())
right.plot(recall, exact, color=INK, linestyle="--", label="all answers together")
left.set_title(f"ROC: the area is {least:.3f} or more for each class")
left.set_xlabel("false positive rate")
left.set_ylabel("true positive rate (recall)")
right.set_title(f"Precision and recall: {worst[0]} is hardest")
right.set_xlabel("recall")
right.set_ylabel("precision")
for axes, area in ((left, "area under ROC"), (right, "average precision")):
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.04)
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.18), title=area, alignment="left")
plt.show()

# %% [markdown]
# ROC curves flatter rare classes: among hundreds of other documents a few false alarms are no
# rate to speak of, but may be more than the class has documents. Precision tells.
#
# ### What is taken for what

# %%
confusion = pd.crosstab(test["label"], answer, dropna=False)
confusion = confusion.reindex(index=classes, columns=classes, fill_value=0)
mistakes = confusion.to_numpy() * (1 - np.eye(len(classes), dtype=int))
row, column = np.unravel_index(mistakes.argmax(), mistakes.shape)

figure, axes = plt.subplots(figsize=(10, 1.8 + 0.3 * len(classes)))
shares = confusion.div(confusion.sum(axis=1).clip(lower=1), axis=0)
sns.heatmap(
    shares,
    annot=confusion.where(confusion > 0, np.nan).map("{:.0f}".format).replace("nan", ""),
    fmt="",
    cmap="Blues",
    vmin=0,
    vmax=1,
    linewidths=1,
    ax=axes,
    cbar_kws={"label": "share of the class's documents"},
)
axes.set_title(f"Most often {classes[row]} is taken for {classes[column]}: {mistakes.max()} times")
axes.set_xlabel("answer")
axes.set_ylabel("label")
axes.grid(visible=False)
axes.tick_params(length=0)
plt.setp(axes.get_xticklabels(), rotation=40, ha="right", rotation_mode="anchor")
plt.show()

# %% [markdown]
# ### How sure is it, and is it right then?
#
# If only the surest answers are taken and the rest goes to a person: how many are right? With the
# hyperparameter `target_precision` the job finds the score from which that holds, and the endpoint
# marks what is below it with `"sure": false`.

# %%
figure, axes = plt.subplots(figsize=(10, 3.2))
share = np.arange(1, len(test) + 1) / len(test)
for name in ("wide", "kim, tuned", "kim", "stacked"):
    found_ = probabilities[name]
    order = np.argsort(-found_.max(axis=1), kind="stable")
    is_right = (answers[name] == test["label"]).to_numpy()[order]
    axes.plot(
        share, is_right.cumsum() / np.arange(1, len(test) + 1), color=COLOURS[name], label=name
    )
surest = np.argsort(-confidence, kind="stable")[: int(0.9 * len(test))]
right_share = (answer == test["label"]).to_numpy()[surest].mean()
axes.axvline(0.9, color=GREY, linewidth=1, linestyle=":")
axes.set_title(f"Of the surest 90% of {best}'s answers {right_share:.1%} are right")
axes.set_xlabel("share of the test documents that is answered, the surest first")
axes.set_ylabel("right among them")
axes.xaxis.set_major_formatter(PercentFormatter(1))
axes.yaxis.set_major_formatter(PercentFormatter(1))
axes.set_xlim(0.05, 1)
axes.set_ylim(top=1.005)
axes.legend(loc="lower left")
plt.show()

# %% [markdown]
# ### What the model looks at
#
# The logit of a class is a sum over the words of a document, so what each adds is exact and no
# estimate. Below, for some classes, the words that speak most for the class and against the one
# that came second, in the mean of the documents that were answered so and rightly.


# %%
def why(text: str, label: str, other: str) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the words that the model reads and how much each speaks for a label over another."""
    for_it, against = classifier.explain(text, label), classifier.explain(text, other)
    return for_it.tokens, for_it.values - against.values  # noqa: PD011 - no pandas


runner_up = labels[np.argsort(-found, axis=1)[:, 1]]
figure, panels = plt.subplots(2, 3, figsize=(10, 4.6), layout="constrained")
for axes, label in zip(panels.flat, classes[:6], strict=False):
    said: dict[str, list[float]] = {}
    rightly = np.flatnonzero((answer == label) & (test["label"] == label))[:100]
    for index in rightly:
        for word, value in zip(*why(test["text"][index], label, runner_up[index]), strict=True):
            said.setdefault(word, []).append(float(value))
    often = {
        word: np.mean(values) for word, values in said.items() if len(values) > len(rightly) / 20
    }
    top = pd.Series(often).nlargest(6)
    axes.barh(range(len(top)), top, color=BLUE)
    name_rows(axes, [word[:24] for word in top.index])
    axes.set_title(label[:26], size=10)
for axes in panels[-1]:
    axes.set_xlabel("added to the logit")
for axes in panels.flat[len(classes) :]:
    axes.axis("off")
plt.show()

# %% [markdown]
# And in one document: words on blue speak for the answer, words on orange for the class that came
# second; hold the mouse over a word to see by how much.

# %%
right_ones = np.flatnonzero(answer == test["label"])
shown = right_ones[np.argsort(confidence[right_ones])[len(right_ones) // 4]]
title = f"{answer[shown]} ({confidence[shown]:.0%}), rightly, before {runner_up[shown]}"
display(coloured_words(title, *why(test["text"][shown], answer[shown], runner_up[shown])))

# %% [markdown]
# ### Mistakes, and the words that led to them
#
# The most confident ones, since they would pass any threshold. Blue speaks for the wrong answer,
# orange for the label. Read them as a person would: some labels are wrong, some letters say both,
# and some classes have too few examples to be known.

# %%
for index in wrong[np.argsort(-confidence[wrong])][:4]:
    label = test["label"][index]
    title = f"Document {index}: {answer[index]} ({confidence[index]:.0%}); the label is {label}"
    if label in classifier.labels:
        display(coloured_words(title, *why(test["text"][index], answer[index], label)))

# %% [markdown]
# ## 7. What follows
#
# The table in part 5 says which recipe to take, and at which price in time. Before it is put to
# use, give it what it lacks: documents of the rare classes. Then
# [notebook 1](1_bring_your_own_container.ipynb) takes the same image and the same hyperparameters
# to SageMaker, and [notebook 3](3_operating.ipynb) keeps the model alive there.
#
# ### Clean up
#
# Everything was in one folder.

# %%
shutil.rmtree(folder)
assert not folder.exists()
print("nothing is left")
