"""DataProcessing: what of a record is sent, and how its answer is joined to it.

JSON and CSV alone; input and answers must be of one kind.
"""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any, Literal, Self

from textcnn.emulator.protocol.errors import ValidationException
from textcnn.emulator.transform.json_path import NotThere, Selector, json_path

Kind = Literal["json", "csv"]
KINDS: dict[str, Kind] = {
    "application/json": "json",
    "application/jsonlines": "json",
    "text/csv": "csv",
}
WHOLE = "$"


class NotJoinable(Exception):
    """An input or an answer cannot be filtered or joined; the message says why."""


def kind_of(content_type: str) -> Kind | None:
    """Return how records of a media type are read, or None where they cannot be."""
    return KINDS.get(content_type.partition(";")[0].strip().lower())


class DataProcessing:
    """The filters and the join of a transform job."""

    def __init__(self, kind: Kind, before: Selector | None, after: Selector, *, join: bool) -> None:
        self._kind = kind
        self._before = before
        self._after = after
        self._join = join

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self | None:
        """Return what CreateTransformJob's members ask for; None where there is nothing to do."""
        processing = values.get("DataProcessing", {})
        before, after = processing.get("InputFilter", WHOLE), processing.get("OutputFilter", WHOLE)
        join = processing.get("JoinSource", "None") == "Input"
        selectors = json_path(before), json_path(after)
        if before == WHOLE and after == WHOLE and not join:
            return None
        kind = kind_of(values["TransformInput"].get("ContentType", ""))
        if kind is None:
            raise ValidationException(
                "DataProcessing needs input of JSON or CSV: a ContentType of "
                f"{', '.join(sorted(KINDS))}"
            )
        split = values["TransformInput"].get("SplitType", "None")
        if join and split != values["TransformOutput"].get("AssembleWith", "None"):
            raise ValidationException("with JoinSource, AssembleWith must be what SplitType is")
        return cls(kind, None if before == WHOLE else selectors[0], selectors[1], join=join)

    def request(self, record: bytes) -> bytes:
        """Return what of a record is sent; raises ``NotJoinable``."""
        if self._before is None:
            return record
        return self._written(_selected(self._before, self._read(record)))

    def output(self, record: bytes, response: bytes) -> bytes:
        """Return what is written for a record and its answer; raises ``NotJoinable``."""
        value = self._read(response)
        if self._join:
            value = self._joined(self._read(record), value)
        return self._written(_selected(self._after, value))

    def check_response(self, content_type: str) -> None:
        """Raise ``NotJoinable`` where answers are not of the kind that the input is."""
        if kind_of(content_type) != self._kind:
            raise NotJoinable(
                f"the input is {self._kind} and the answer is {content_type or 'of no type'}: "
                "they cannot be joined or filtered"
            )

    def _joined(self, record: Any, response: Any) -> Any:
        if self._kind == "csv":
            return [*record, *response]
        if isinstance(record, dict):
            return {**record, "SageMakerOutput": response}
        return {"SageMakerInput": record, "SageMakerOutput": response}

    def _read(self, record: bytes) -> Any:
        try:
            text = record.decode()
            if self._kind == "json":
                return json.loads(text)
            return next(csv.reader([text]), [])
        except (ValueError, csv.Error) as error:
            raise NotJoinable(f"a record is no {self._kind}: {error}") from None

    def _written(self, value: Any) -> bytes:
        if self._kind == "json":
            return json.dumps(value, ensure_ascii=False).encode()
        written = io.StringIO()
        csv.writer(written, lineterminator="").writerow(
            value if isinstance(value, list) else [value]
        )
        return written.getvalue().encode()


def _selected(selector: Selector, value: Any) -> Any:
    try:
        return selector(value)
    except NotThere as error:
        raise NotJoinable(str(error)) from None
