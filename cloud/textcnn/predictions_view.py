"""Show an endpoint's predictions to a person."""

from typing import Any

from rich.text import Text

from textcnn import words
from textcnn.output import Output

# Of all documents of an answer so many are listed; all are in --output json.
MOST_SHOWN = 50
# A score below goes without saying where documents are listed.
WORTH_A_WORD = 0.01
# A share of words that the model has never seen which is worth a line.
MANY_UNKNOWN = 0.2


def show(output: Output, answer: dict[str, Any], *, why: bool) -> None:
    """Print an answer: one document by its labels, several as a table."""
    predictions = answer["predictions"]
    if len(predictions) == 1:
        _show_one(output, predictions[0])
    else:
        _show_table(output, predictions)
    if why:
        _show_why(output, predictions)
    _show_model(output, answer.get("model"))
    _show_timing(output, answer.get("timing"))


def _show_one(output: Output, prediction: dict[str, Any]) -> None:
    if "error" in prediction:
        output.line(_problem(prediction["error"]))
        return
    width = max(len(each["label"]) for each in prediction["top"])
    for rank, each in enumerate(prediction["top"]):
        line = f"{each['label']:{width}}  {_percent(each['score'])}  {_bar(each['score'])}"
        output.line(line.rstrip(), "bold" if rank == 0 else "")
    for remark in _remarks(prediction):
        output.line(remark)


def _remarks(prediction: dict[str, Any]) -> list[str]:
    remarks = []
    if prediction.get("sure") is False:
        remarks.append("The model is not sure: the score is below its confidence floor.")
    unknown = prediction.get("unknown_share", 0.0)
    if unknown > MANY_UNKNOWN:
        remarks.append(f"The model has never seen {unknown:.0%} of these words.")
    if prediction.get("truncated"):
        remarks.append("The document is longer than what the model reads.")
    return remarks


def _show_table(output: Output, predictions: list[dict[str, Any]]) -> None:
    rows = [(str(number), *_cells(each)) for number, each in enumerate(predictions[:MOST_SHOWN], 1)]
    output.table(("document", "label", "score", "next", "unknown"), rows)
    more = len(predictions) - MOST_SHOWN
    if more > 0:
        output.line(f"... and {more} more: --output json has all.")


def _cells(prediction: dict[str, Any]) -> tuple[str, str, str, str]:
    if "error" in prediction:
        return ("-", "", _problem(prediction["error"]), "")
    others = [
        f"{each['label']} ({each['score']:.0%})"
        for each in prediction["top"][1:]
        if each["score"] >= WORTH_A_WORD
    ]
    unknown = _percent(prediction["unknown_share"])
    return (prediction["label"], _percent(prediction["score"]), ", ".join(others), unknown)


def _show_why(output: Output, predictions: list[dict[str, Any]]) -> None:
    for number, prediction in enumerate(predictions[:MOST_SHOWN], 1):
        if "explanation" not in prediction:
            continue
        weighed = words.weighed(prediction["explanation"])
        name = f"Document {number}: why" if len(predictions) > 1 else "Why"
        output.line("")
        output.line(f"{name} {prediction['label']}", "bold")
        output.rich(words.marked(weighed))
        output.line(f"for it:     {words.listed(words.strongest(weighed, 1))}")
        output.line(f"against it: {words.listed(words.strongest(weighed, -1))}")
    output.line("")
    output.rich(
        Text.assemble(
            "Words ",
            ("for", "underline green"),
            " the label are underlined, ",
            ("against", "strike red"),
            " it struck through; what counts most is bold.",
        )
    )


def _show_model(output: Output, model: dict[str, Any] | None) -> None:
    if model is None:
        return
    limits = {name: value for name, value in model["limits"].items() if value is not None}
    rows = [
        ("model", model["name"] or "without a name"),
        ("trained", model["trained"] or "unknown"),
        ("recipe", model["recipe"] or model["architecture"]),
        ("labels", str(model["labels"])),
        *((f"on {name}", _scores(scores)) for name, scores in model["scores"].items()),
        ("limits", ", ".join(f"{name} {value}" for name, value in limits.items())),
    ]
    output.line("")
    for name, value in rows:
        output.line(f"{name:14}{value}")


def _scores(scores: dict[str, float]) -> str:
    shares = [
        f"{name} {value:.3f}" for name, value in scores.items() if name in {"accuracy", "macro_f1"}
    ]
    return ", ".join(shares) + f" ({scores.get('documents', '?')} documents)"


def _show_timing(output: Output, timing: dict[str, float] | None) -> None:
    if timing is not None:
        parts = [f"{name.removesuffix('_ms')} {value:.1f}" for name, value in timing.items()]
        output.line(f"{'milliseconds':14}{', '.join(parts)}")


def _problem(error: dict[str, Any]) -> str:
    where = f" [{error['where']}]" if error.get("where") else ""
    return " ".join(part for part in (f"{error['message']}{where}.", error.get("remedy")) if part)


def _percent(share: float) -> str:
    return f"{100 * share:5.1f} %"


def _bar(share: float) -> str:
    return "█" * round(20 * share)
