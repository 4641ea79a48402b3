"""Where the time of our engine's step goes."""

from collections.abc import Callable
from cProfile import Profile
from types import CodeType

from text_classification.cnn.adam import Adam
from text_classification.cnn.architectures.kim.fast_engine import FastEngine
from text_classification.corpus.encoded import EncodedCorpus
from text_classification.kernels import convolution

# Each function's whole time is one stage.
STAGES = {
    EncodedCorpus.batch: "making the batch",
    convolution.distinct_ids: "distinct tokens",
    convolution.pool_forward: "pooling forward",
    convolution.pool_backward: "backward",
    FastEngine._project: "projection",  # noqa: SLF001 - looked up, not called
    Adam.update: "Adam",
}


def profile(work: Callable[[], object]) -> dict[str, float]:
    """Return the seconds that each stage of some work takes, and all that is left as ``rest``."""
    profiler = Profile()
    profiler.runcall(work)
    by_code: dict[CodeType | str, str] = {
        function.__code__: stage for function, stage in STAGES.items()
    }
    seconds = dict.fromkeys(STAGES.values(), 0.0)
    total = 0.0
    for entry in profiler.getstats():
        total += entry.inlinetime
        if entry.code in by_code:
            seconds[by_code[entry.code]] += entry.totaltime
    return {**seconds, "rest": total - sum(seconds.values())}
