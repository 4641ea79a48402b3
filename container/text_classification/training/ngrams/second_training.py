"""Whether a network with n-grams beside it is worth a second training, on all documents."""

import logging

from text_classification.contract.failure import warn_of
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.ngrams.ngram_branch import NgramBranch, joined, make_branch
from text_classification.training.ngrams.ngram_limits import NgramLimits
from text_classification.training.ngrams.ngram_settings import is_large
from text_classification.training.selection.final_model import FinalModel

NO_NGRAMS = "the model has no n-grams"
# A network whose logits count less than that beside those of n-grams: of what it is sure of by
# itself, hardly anything is left in the sum.
SMALL_SHARE = 0.3
# Where less than that part of the documents was held out, they teach next to nothing new.
SMALL_PART = 0.1

log = logging.getLogger(__name__)


class NgramMaker:
    """Makes the n-grams of a job's model, once or, after a second training, once more."""

    def __init__(self, limits: NgramLimits, stop: StopRequest) -> None:
        self._limits, self._stop = limits, stop
        self._first: tuple[FinalModel, NgramBranch] | None = None
        self._failed = False

    def is_worth_training_again(self, first: FinalModel) -> bool:
        """Tell whether to train a network again on all documents, those held out too.

        Few documents are always worth it: that takes no time. Of many it is by the share that the
        network has beside n-grams on the documents held out, and by how many those are.
        """
        split = first.splits[0]
        if not is_large(split):
            return True
        documents = len(split.training) + len(first.held_out.part)
        if len(first.held_out.part) < SMALL_PART * documents:
            log.info("the network is not trained again: few documents were held out")
            return False
        try:
            branch = make_branch(first, self._limits, self._stop)
        except Stopped:
            return False
        except Exception as error:  # noqa: BLE001 - the network counts, whatever fails
            self._failed = True
            warn_of(NO_NGRAMS, error)
            return True
        self._first = first, branch
        if branch.share < SMALL_SHARE:
            log.info("the network is not trained again: n-grams have nearly all of the logits")
        return branch.share >= SMALL_SHARE

    def added(self, final: FinalModel) -> FinalModel:
        """Return a model with n-grams; as it is, with a warning, where they cannot be made."""
        if self._failed:
            return final
        try:
            if self._first and self._first[0].trained is final.trained:
                return joined(final, self._first[1])
            return joined(final, make_branch(final, self._limits, self._stop))
        except Stopped:
            log.warning("stopped on request: the model has no n-grams")
        except Exception as error:  # noqa: BLE001 - the network counts, whatever fails
            warn_of(NO_NGRAMS, error)
        return final
