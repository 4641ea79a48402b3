"""Load the model that serves predictions, and test it once before it counts as ready."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from text_classification import artifact
from text_classification.contract.failure import explain
from text_classification.errors import Code, RequestError, TextClassificationError
from text_classification.inference.classifier import Classifier
from text_classification.serving.models.model_description import describe

if TYPE_CHECKING:
    from text_classification.serving.models.description_schemas import ModelDescription

log = logging.getLogger(__name__)


class LoadedModel:
    """A classifier and what is told of it, or the reason why there is none."""

    def __init__(self, folder: Path, tables_mb: int) -> None:
        self.description: ModelDescription | None = None
        self._classifier: Classifier | None = None
        self._problem: TextClassificationError | None = None
        try:
            loaded = artifact.load(folder)
            description = describe(loaded)
            classifier = Classifier(loaded, tables_mb=tables_mb, description=description)
            classifier.classify(["warm up"])
        except TextClassificationError as error:
            log.error("the model cannot be served: %s", error)
            self._problem = error
        except Exception as error:
            # Whatever else a model does: the server says so, instead of dying again and again.
            log.exception("the model cannot be served")
            self._problem = _unexpected(error)
        else:
            self._classifier = classifier
            self.description = description

    @property
    def classifier(self) -> Classifier:
        """The classifier. Raises ``RequestError`` 503 with the reason when there is none."""
        if self._classifier is None:
            reason = self._problem.message if self._problem else ""
            remedy = self._problem.remedy if self._problem else ""
            raise RequestError(
                503, Code.MODEL_NOT_READY, f"the model cannot be served: {reason}", remedy=remedy
            )
        return self._classifier


def _unexpected(error: Exception) -> TextClassificationError:
    """Return what callers are told; what an error of any kind says may hold paths."""
    if isinstance(error, MemoryError):
        return explain(error)
    return TextClassificationError(
        Code.INTERNAL,
        f"loading it failed with {type(error).__name__}",
        remedy="The log of the server has the details.",
    )
