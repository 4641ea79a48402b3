"""The results of folds that several hosts have trained, each its share: all hosts get them all."""

import json
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from safetensors.numpy import load, save

from text_classification.kernels.arrays import State
from text_classification.training.hosts.group import HostGroup
from text_classification.training.network.held_out import HeldOut
from text_classification.training.network.training_progress import Progress
from text_classification.training.selection.fold_training import Fold, FoldResult, FoldTraining


def shared_results(
    training: FoldTraining, own: Mapping[int, FoldResult], hosts: HostGroup
) -> dict[int, FoldResult]:
    """Return the results of all hosts by the index of their fold; own: those of this host.

    The weights of the others' folds are written to this host's scratch folder.
    """
    content = save(
        {
            f"{index}.{name}": array
            for index, result in own.items()
            for name, array in _packed(result).items()
        }
    )
    results = dict(own)
    for given in hosts.gather_bytes(content):
        arrays = load(given)
        for index in {int(name.partition(".")[0]) for name in arrays} - own.keys():
            start = f"{index}."
            fold = {
                name.removeprefix(start): array
                for name, array in arrays.items()
                if name.startswith(start)
            }
            results[index] = _unpacked(training, Fold(index), fold)
    return results


def _packed(result: FoldResult) -> State:
    answers = result.answers
    return {
        "progress": np.frombuffer(json.dumps(result.progress.as_dict()).encode(), np.uint8),
        "stopped": np.array(result.progress.stopped),
        "weights": np.frombuffer(result.weights.read_bytes(), np.uint8),
        "documents": answers.part.documents,
        "probabilities": answers.probabilities,
        **({} if answers.quantized is None else {"quantized": answers.quantized}),
    }


def _unpacked(training: FoldTraining, fold: Fold, arrays: State) -> FoldResult:
    progress = Progress.from_dict(json.loads(arrays["progress"].tobytes()), {})
    weights = training.write_weights(fold, arrays["weights"].tobytes())
    part = training.prepared(fold).held_out
    places = np.searchsorted(part.documents, arrays["documents"])
    answers = HeldOut(part.chosen(places), arrays["probabilities"], arrays.get("quantized"))
    return FoldResult(replace(progress, stopped=bool(arrays["stopped"])), weights, answers)
