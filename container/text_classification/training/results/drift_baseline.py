"""The baseline of a trained model, from its answers to the documents held out of training."""

import numpy as np

from text_classification.corpus.vocabulary import UNKNOWN
from text_classification.evaluation.baseline import Baseline, baseline
from text_classification.kernels.arrays import Indices
from text_classification.training.inputs.part import Part
from text_classification.training.network.further_words import FurtherReader
from text_classification.training.results.assessment import Assessment
from text_classification.training.selection.final_model import FinalModel


def held_out_baseline(final: FinalModel, assessment: Assessment) -> Baseline:
    """Return the baseline of a job's model.

    Where the model was trained on all documents, it is that of the models before it: none of its
    own words is unknown to it.
    """
    part = assessment.answers["validation"].part
    labels = final.trained.prepared.labels
    return baseline(labels, assessment.served, part.lengths, _unknown_tokens(final, part))


def _unknown_tokens(final: FinalModel, part: Part) -> Indices:
    """Return how many tokens of some held-out documents their model has no word for."""
    if len(final.splits) == 1:
        reader = FurtherReader.of(final.splits[0]) if final.held_out.with_further else None
        return _unknown_in(reader.read(part) if reader else part)
    parts = [split.validation for split in final.splits if split.validation]
    unknown = final.gathered([_unknown_in(part) for part in parts])
    return unknown[np.searchsorted(final.held_out.part.documents, part.documents)]


def _unknown_in(part: Part) -> Indices:
    return part.corpus.counts_of(UNKNOWN, part.documents)
