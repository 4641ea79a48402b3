"""The function's code as Lambda takes it: a zip that is the same, byte by byte, for the same code.

It is too long to stand in the template. Its key in S3 tells its content by a hash, so that a change
of the code is a change of the stack, and a stack that goes back finds the code of before.
"""

import hashlib
import io
import zipfile
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "frontend"
# The earliest that a zip knows.
EPOCH = (1980, 1, 1, 0, 0, 0)
READABLE = 0o644


def function_zip() -> bytes:
    """Return the zip of the package ``frontend``."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for path in sorted(FOLDER.glob("*.py")):
            entry = zipfile.ZipInfo(f"{FOLDER.name}/{path.name}", EPOCH)
            entry.external_attr = READABLE << 16
            archive.writestr(entry, path.read_bytes())
    return written.getvalue()


def prefix(endpoint: str) -> str:
    """Return where in the foundation's bucket the code of a page's function lies."""
    return f"pages/{endpoint}/"


def code_key(endpoint: str, code: bytes) -> str:
    """Return the key of this code."""
    return f"{prefix(endpoint)}function-{hashlib.sha256(code).hexdigest()[:16]}.zip"
