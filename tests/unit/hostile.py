"""Models from a stranger: valid ones, changed at random and sealed again, so that no hash tells."""

import hashlib
import json
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save

from tests.unit.helpers import (
    pooled_artifact,
    random_artifact,
    random_further,
    random_ngrams,
    stacked_artifact,
)
from tests.unit.inference.models import classifier_of
from text_classification import artifact
from text_classification.artifact import Artifact
from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.corpus.further_words import FURTHER
from text_classification.errors import TextClassificationError
from text_classification.inference.classifier import Classifier
from text_classification.kernels import library

MODELS = {
    "kim": random_artifact(),
    "kim, int8": random_artifact(int8=True),
    "stacked": stacked_artifact(),
    "pooled": pooled_artifact(),
    "pooled, average": pooled_artifact(pooling="average"),
}
MODELS |= {
    f"{name}, n-grams": replace(each, ngrams=random_ngrams()) for name, each in MODELS.items()
}
MODELS |= {
    f"{name}, further words": replace(each, further=random_further())
    for name, each in MODELS.items()
    if "n-grams" not in name
}
MODELS["n-grams, further words"] = replace(
    random_artifact(), ngrams=random_ngrams(further=b"goody\n")
)
MODELS["both, further words"] = replace(
    random_artifact(),
    ngrams=random_ngrams(further=random_further().lines),
    further=random_further(),
)
TEXTS = ("", "good policy", "a bad bill goody " * 20, "\0 \udcff 字 é", "<go" * 300)

_JSON = (artifact.CONFIGURATION, artifact.LABELS, artifact.METRICS, artifact.MANIFEST)
_LINES = (artifact.VOCABULARY, artifact.CHARACTERS, artifact.WORDS)
_ARRAYS = (artifact.WEIGHTS, artifact.NGRAMS)
_ODD: tuple[Any, ...] = (
    *(None, True, -1, 0, 1, 2, 64, 65, 0.5, -0.0, 1e308, float("nan"), float("inf")),
    *(2**31 - 1, 2**31, 2**63, 2**64, 10**400, "", "a", "kim.v1", "\ud800", "\n", "x" * 100_000),
    *([], {}, [[]], [1, 1], ["a"] * 3, {"a": {}}),
)
_KINDS = ("F64", "F16", "BF16", "F8_E4M3", "F8_E8M0", "F4", "C64", "I64", "U8", "BOOL", "X", "")
_WHOLE_NUMBERS = (0, 1, -1, 32, 33, 34, 2**31 - 1, -(2**31))
_NUMBERS = (np.nan, np.inf, -np.inf, 3e38, -3e38, 1e-45, *_WHOLE_NUMBERS)


def reseal(folder: Path) -> None:
    """Write sizes and hashes anew, as a forger would: what follows must be seen by content."""
    path = folder / artifact.MANIFEST
    manifest = json.loads(path.read_bytes())
    for name in (*artifact.SERVED, artifact.NGRAMS, artifact.CHARACTERS, artifact.WORDS):
        if not (folder / name).exists():
            continue
        content = (folder / name).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        manifest["files"][name] = {"bytes": len(content), "sha256": digest}
    path.write_text(json.dumps(manifest))


def forge(folder: Path, random: Random) -> None:
    """Change a saved model in a place or a few."""
    for _ in range(random.choice((1, 1, 2, 3))):
        random.choice(_CHANGES)(folder, random)
    # Where the manifest itself was changed, it may not be one any more.
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        reseal(folder)


def is_answered(folder: Path, random: Random) -> bool:
    """Tell whether a model answers, rather than being refused with a reason; nothing else may be.

    Where it answers, it does so with probabilities.
    """
    with np.errstate(all="ignore"):
        try:
            model = artifact.load(folder)
            classifier = _classifier(model, random)
            scores = classifier.classify(TEXTS).probabilities
            assert scores.shape == (len(TEXTS), len(model.labels))
            np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-3)
            for text in TEXTS:
                found = classifier.explain(text, model.labels[-1])
                assert np.isfinite([*found.values, found.constant]).all()
        except TextClassificationError as error:
            refusal = error
        else:
            return True
    assert refusal.message
    assert refusal.remedy
    return False


def main() -> None:
    """Try models under the kernels of a library, named with the number of tries."""
    path, tries = Path(sys.argv[1]), int(sys.argv[2])
    library.library.cache_clear()
    library.library_paths = lambda: [path]
    compiled = library.library()
    assert compiled is not None
    assert compiled._name == str(path)
    answered = 0
    with TemporaryDirectory() as name:
        for seed in range(tries):
            random = Random(seed)
            folder = Path(name) / str(seed)
            artifact.save(random.choice(list(MODELS.values())), folder)
            forge(folder, random)
            answered += is_answered(folder, random)
            shutil.rmtree(folder)
    print(f"{tries} models, of which {answered} answered")  # noqa: T201 - the test reads it


def _classifier(model: Artifact, random: Random) -> Classifier:
    if isinstance(model.configuration, KimConfiguration) and random.random() < 0.5:
        return classifier_of(model, rows=1)  # nearly all tokens are projected when they occur
    return Classifier(model, tables_mb=1)


def _there(folder: Path, names: tuple[str, ...], random: Random) -> Path:
    return random.choice([folder / name for name in names if (folder / name).exists()])


def _change_bytes(folder: Path, random: Random) -> None:
    path = _there(folder, (*_JSON, *_LINES, *_ARRAYS), random)
    content = bytearray(path.read_bytes())
    place = random.randrange(len(content) + 1)
    match random.randrange(4):
        case 0:
            content[place : place + 1] = random.randbytes(1)
        case 1:
            del content[place:]
        case 2:
            content[place:place] = random.randbytes(random.choice((1, 8, 1000)))
        case _:
            content[:] = random.randbytes(place)
    path.write_bytes(content)


def _change_json(folder: Path, random: Random) -> None:
    path = _there(folder, _JSON, random)
    try:
        value = json.loads(path.read_bytes())
    except ValueError:
        return
    path.write_text(json.dumps(_changed(value, random)))


def _changed(value: Any, random: Random) -> Any:
    """Return a JSON value with another in some place, or without what was there."""
    if not value or not isinstance(value, dict | list) or random.random() < 0.2:
        return random.choice(_ODD)
    at: Any = (
        random.choice(list(value)) if isinstance(value, dict) else random.randrange(len(value))
    )
    if random.random() < 0.1:
        del value[at]
    else:
        value[at] = _changed(value[at], random)
    return value


def _change_lines(folder: Path, random: Random) -> None:
    path = _there(folder, _LINES, random)
    lines = path.read_bytes().split(b"\n")
    place = random.randrange(len(lines))
    odd = (b"", lines[0], b"\xff", b"\0", b"a b", b"good\r", "字".encode(), b"x" * 100_000)
    lines[place : place + random.randrange(2)] = [random.choice(odd)]
    path.write_bytes(b"\n".join(lines))


def _change_arrays(folder: Path, random: Random) -> None:
    path = _there(folder, _ARRAYS, random)
    try:
        arrays = load_file(path)
    except Exception:  # noqa: BLE001 - an earlier change
        return
    if not arrays:
        return
    name = random.choice(list(arrays))
    array = arrays.pop(name)
    match random.randrange(4):
        case 0 if array.size:
            with np.errstate(all="ignore"):  # what does not fit becomes something that does
                number = np.asarray(random.choice(_NUMBERS)).astype(array.dtype)
            array.flat[random.randrange(array.size)] = number
        case 1:
            array = np.resize(array, random.choice(((), (0,), (1,), (0, 3), (3, 0), (33, 3), (7,))))
        case 2:
            array = array.astype(random.choice((np.float64, np.float16, np.int32, np.bool_)))
        case _:
            name = random.choice(("embedding", "pairs", "", "more", artifact.SCALES, *FURTHER))
    path.write_bytes(save({**arrays, name: np.ascontiguousarray(array)}))


def _change_header(folder: Path, random: Random) -> None:
    path = _there(folder, _ARRAYS, random)
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    try:
        header = json.loads(content[8 : 8 + length])
        entry = header[random.choice(list(header))]
        entry["dtype"] = random.choice((entry["dtype"], *_KINDS))
        for name in ("shape", "data_offsets"):
            values = entry[name]
            if random.random() < 0.5:
                values[random.randrange(len(values))] = random.choice(_ODD)
    except (ValueError, TypeError, LookupError, AttributeError):
        return
    changed = json.dumps(header).encode()
    told = random.choice((len(changed), len(changed), 0, 2**20, 2**40, 2**64 - 1))
    path.write_bytes(told.to_bytes(8, "little") + changed + content[8 + length :])


_CHANGES: tuple[Callable[[Path, Random], None], ...] = (
    _change_bytes,
    _change_json,
    _change_lines,
    _change_arrays,
    _change_header,
)
