"""The comparison as one HTML page that needs nothing else and runs no script."""

from html import escape
from pathlib import Path

from textcnn.drift import figures
from textcnn.drift.report import COLUMNS, Report, cells
from textcnn.drift.verdict import RULE, SENTENCES

STYLE = Path(__file__).with_name("page.css")
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
KEY = (
    '<p class="muted"><span class="key before"></span>at training'
    '<span class="key now"></span>now</p>'
)


def page(report: Report) -> str:
    """Return the page."""
    title = escape(f"Drift of {report.endpoint}")
    sections = "\n".join((_unknown(report), _scores(report), _labels(report)))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{title}</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p class="muted">{report.now.documents:,} documents of {report.requests:,} captured requests since
{report.since:%Y-%m-%d %H:%M} UTC, beside {report.before.documents:,} held-out documents at
training.</p>
<p class="verdict {report.verdict.value.replace(" ", "-")}">{SENTENCES[report.verdict]}</p>
{"".join(f"<p>{escape(each)}</p>" for each in report.remarks)}
{_table(report)}
<p class="muted">{escape(RULE)}</p>
{sections}
</main>
</body>
</html>
"""


def _table(report: Report) -> str:
    head = "".join(
        f'<th scope="col"{_number(index)}>{escape(name)}</th>' for index, name in enumerate(COLUMNS)
    )
    rows = []
    for comparison in report.comparisons:
        name, *others = cells(comparison)
        numbers = "".join(
            f"<td{_number(index)}>{escape(cell)}</td>" for index, cell in enumerate(others, 1)
        )
        rows.append(f'<tr><th scope="row">{escape(name)}</th>{numbers}</tr>')
    return (
        '<div class="scroll"><table><caption>In points of a hundred</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _number(column: int) -> str:
    return ' class="number"' if 0 < column < len(COLUMNS) - 1 else ""


def _section(heading: str, sentence: str, drawing: str) -> str:
    return (
        f"<section><h2>{escape(heading)}</h2><p>{escape(sentence)}.</p>"
        f'{KEY}<figure><div class="scroll">{drawing}</div></figure></section>'
    )


def _unknown(report: Report) -> str:
    sentence = report.comparisons[0].sentence
    drawing = figures.histogram(
        report.before.unknown,
        report.now.unknown,
        f"Documents by share of unknown words: {sentence}",
    )
    return _section("Share of words that the model has never seen", sentence, drawing)


def _scores(report: Report) -> str:
    sentence = report.comparisons[1].sentence
    drawing = figures.histogram(
        report.before.scores, report.now.scores, f"Documents by score: {sentence}"
    )
    return _section("Score of the best label", sentence, drawing)


def _labels(report: Report) -> str:
    sentence = report.comparisons[2].sentence
    before, now = report.before, report.now
    pairs = [
        figures.Pair(
            name, before.labels[name] / before.documents, now.labels[name] / max(now.documents, 1)
        )
        for name in before.labels.keys() | now.labels.keys()
    ]
    # Those that matter most come first; the rest is in --output json.
    pairs.sort(key=lambda each: (-max(each.before, each.now), each.name))
    drawing = figures.label_bars(pairs[: figures.MOST_LABELS], f"Documents by label: {sentence}")
    return _section("Labels", sentence, drawing)
