"""A text that is no JSON, as its content type says; some clients send JSON under any type."""

from text_classification.contract.column_names import TEXT_NAMES
from text_classification.serving.predictions.requests.field_names import LIST_FIELDS
from text_classification.serving.predictions.requests.json_text import OPENING, encoded_value
from text_classification.serving.predictions.requests.records import Document, Found, Problem

_MISTYPED = Problem(
    "it is JSON, which its content type does not say",
    "Send it as application/json or application/jsonlines; a document that is JSON goes into the "
    'field "text" of one of those.',
)
_JSON = ("{", "[")
# What a text begins with that may be JSON of documents: others need not be looked at.
MAY_BE_JSON = frozenset(OPENING - {'"'})
_KNOWN = frozenset((TEXT_NAMES[0], *LIST_FIELDS))
# White space before it, at most.
_LOOKED_AT = 100


def text_document(text: str, own: tuple[str, ...]) -> Found:
    """Return a text as a document, unless it is JSON that holds documents.

    That is a list, or an object with a field that has them. own: the names of the text in the
    documents that the model was trained on.

    >>> text_document("{a note}", ())
    Document(text='{a note}', fields={}, listed=None)
    """
    if not text[:_LOOKED_AT].lstrip().startswith(_JSON):
        return Document(text)
    value = encoded_value(text)
    is_json = isinstance(value, list) or (
        isinstance(value, dict) and not {*_KNOWN, *own}.isdisjoint(value)
    )
    return _MISTYPED if is_json else Document(text)
