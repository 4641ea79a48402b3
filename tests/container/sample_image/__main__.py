"""A container that keeps the contract with as little as that takes, and breaks it where told.

Only Python is needed. The variable FAULTS names what shall be wrong, one word each.
"""

import sys
from pathlib import Path

from . import serving, training
from .faults import has

INPUT = Path("/opt/ml/input")


def main(arguments: list[str]) -> int:
    """Run the verb; without one, train where there is something to train on."""
    verb = "train" if INPUT.is_dir() and not has("needs-verb") else ""
    verb = "serve" if has("serves-without-verb") else verb
    verb = next(iter(arguments), verb)
    if verb == "train":
        return training.main()
    if verb == "serve":
        return serving.main()
    print("usage: train | serve", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
