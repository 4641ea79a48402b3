"""Augmented manifests: of a JSON line SageMaker sends a record for each attribute asked for.

Of an attribute whose name ends in ``-ref`` that is the object in S3 that it names, of others the
value itself. https://docs.aws.amazon.com/sagemaker/latest/dg/augmented-manifest-stream.html
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from text_classification.corpus.readers.ground_truth import METADATA
from text_classification.corpus.readers.json_files import record_row
from text_classification.corpus.readers.record_io import records
from text_classification.corpus.readers.row import Row
from text_classification.corpus.readers.source import LONGEST_LINE, Source
from text_classification.corpus.readers.undecoded import undecoded

_REFERENCE = "-ref"


def read_attributes(source: Source) -> Iterator[Row]:
    """Yield a row of each set of records; the number of a row is that of the manifest's line."""
    names = source.reading.attributes
    with source.binary() as file:
        values: list[str] = []
        number = 1
        for record in records(file):
            values.append(_text(record.read(LONGEST_LINE + 1), source.reading.encoding))
            if len(values) == len(names):
                yield _row(number, dict(zip(names, values, strict=True)), source)
                values, number = [], number + 1
        if values:
            raise EOFError(
                f"line {number} of the manifest has {len(values)} values for the {len(names)} "
                f"attributes {', '.join(names)}: set manifest_attributes to those of the channel"
            )


def _text(content: bytes, encoding: str) -> str:
    if len(content) > LONGEST_LINE:
        raise ValueError(f"a record has more than {LONGEST_LINE} bytes")
    return content.decode(encoding, "surrogateescape")


def _row(number: int, values: Mapping[str, str], source: Source) -> Row:
    problem = undecoded(values.values(), source.reading.encoding)
    if problem:
        return Row(number, {}, *problem)
    fields: dict[str, Any] = {}
    for name, text in values.items():
        if name.endswith(_REFERENCE):
            # The text itself has come, so that it is a column of the usual name too.
            fields |= {name: text, name.removesuffix(_REFERENCE): text}
        else:
            fields[name] = _value(text, dict if name.endswith(METADATA) else str)
    return record_row(number, fields)


def _value(text: str, kind: type) -> Any:
    """Return a value that is written as JSON and is of a kind, anything else as it stands."""
    if text[:1] in {"{", '"'}:
        with suppress(ValueError, RecursionError):
            value = json.loads(text)
            return value if isinstance(value, kind) else text
    return text
