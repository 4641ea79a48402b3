"""Bodies, read as the application reads them."""

import io
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from text_classification.serving.predictions.format.negotiation import Negotiation
from text_classification.serving.predictions.format.options import Options
from text_classification.serving.predictions.requests.body import read_body
from text_classification.serving.predictions.requests.body_source import Source
from text_classification.serving.predictions.requests.records import Fields, Records

JSON, LINES, CSV, PLAIN = "application/json", "application/jsonlines", "text/csv", "text/plain"


@dataclass(frozen=True)
class Read:
    """What a body holds, and the options that are in force for its answer."""

    options: Options
    pieces: list[Records]

    @property
    def texts(self) -> list[str]:
        """The texts of all records."""
        return [text for piece in self.pieces for text in piece.texts]

    @property
    def fields(self) -> list[Fields]:
        """The fields of all records."""
        return [fields for piece in self.pieces for fields in piece.fields]

    @property
    def problems(self) -> dict[int, str]:
        """Where bad records say that they are, by their index in the first piece."""
        return {index: error.where for index, error in self.pieces[0].problems.items()}


def read(  # noqa: PLR0913 - all that decides how a body is read
    body: str | bytes,
    media_type: str = JSON,
    *,
    small: bool = True,
    batch: bool = False,
    quoted_line_breaks: bool = False,
    own: str = "",
    **options: Any,
) -> Read:
    """Read a body with options; small: whether it counts as one, whatever its size.

    own: the name that the text had in training.
    """
    content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    negotiation = Negotiation(batch=batch, quoted_line_breaks=quoted_line_breaks)
    request_format = negotiation.request_format(media_type, "", "").with_options(options, {})
    request_format = replace(request_format, own_names=(own,) if own else ())
    with Source(io.BytesIO(content), Path(tempfile.gettempdir()), small=small) as source:
        found = read_body(source, request_format)
        return Read(found.request_format.options, list(found.pieces))
