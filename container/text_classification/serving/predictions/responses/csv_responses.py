"""From predictions to CSV: a row each, with the same columns in all of them."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from text_classification.serving.predictions.format.negotiation import RequestFormat
from text_classification.serving.predictions.requests.records import Records
from text_classification.serving.predictions.responses.json_responses import encode
from text_classification.serving.predictions.responses.predictor import Predictor

if TYPE_CHECKING:
    from text_classification.serving.predictions.responses.response_schemas import (
        Prediction,
        Refusal,
    )


def write_csv(predictor: Predictor, pieces: Iterable[Records]) -> Iterator[str]:
    """Yield a row for each prediction: label, score, label_2, score_2, ..., then what else it has.

    A header with all the names comes first where it was asked for, or where a line for each line
    is due and the body began with one.
    """
    columns = Columns(predictor)
    first = True
    for records in pieces:
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        if first and _with_header(predictor.request_format, records):
            writer.writerow(columns.names)
        writer.writerows(map(columns.cells, predictor(records)))
        yield text.getvalue()
        first = False


class Columns:
    """The columns of an answer, which follow from what was asked for."""

    def __init__(self, predictor: Predictor) -> None:
        options = predictor.request_format.options
        self._listed = predictor.listed
        self._given = ["unknown_share", "truncated"]
        if predictor.floor is not None:
            self._given.insert(0, "sure")
        if options.scores:
            self._given = ["labels", "scores", *self._given]
        if options.explain:
            self._given.append("explanation")
        # All fields of a record have one column: other records may have others.
        self._all_fields = "*" in options.fields
        self._fields = ["fields"] if self._all_fields else list(options.fields)
        self._problems = [] if options.strict else ["error"]

    @property
    def names(self) -> list[str]:
        """Their names."""
        best = ["label", "score"]
        for rank in range(2, self._listed + 1):
            best += [f"label_{rank}", f"score_{rank}"]
        return [*best, *self._given, *self._fields, *self._problems]

    def cells(self, prediction: "Prediction | Refusal") -> list[str | float]:
        """Return the row of a prediction; that of a bad record has its last cell alone."""
        if "error" in prediction:
            error = prediction["error"]
            where = f" [{error['where']}]" if "where" in error else ""
            return [*[""] * (len(self.names) - 1), f"{error['code']}: {error['message']}{where}"]
        top = prediction["top"]
        cells: list[str | float] = [cell for best in top for cell in (best["label"], best["score"])]
        values: dict[str, Any] = dict(prediction)
        cells += [_cell(values[name]) for name in self._given]
        if self._fields:
            fields = prediction["fields"]
            kept = [fields] if self._all_fields else [fields.get(name) for name in self._fields]
            cells += map(_cell, kept)
        return cells if not self._problems else [*cells, ""]


def _with_header(request_format: RequestFormat, records: Records) -> bool:
    if request_format.options.answer_header is None:
        return request_format.line_for_line and records.has_header
    return request_format.options.answer_header == "present"


def _cell(value: Any) -> str | float:
    """Return a value as a cell: numbers and texts as they are, nothing for null, else JSON."""
    if value is None:
        return ""
    if isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    return encode(value)
