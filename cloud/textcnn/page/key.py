"""The key of a page: random, shown once and not stored; the stack has its digest."""

import hashlib
import secrets

# 192 bits: nobody guesses it, nor finds it from its digest.
BYTES = 24
# What the function is told instead of a digest where all may ask.
OPEN = "open"


def new_key() -> str:
    """Return a new key, of letters that a link may have."""
    return secrets.token_urlsafe(BYTES)


def digest(key: str) -> str:
    """Return what the function compares with."""
    return hashlib.sha256(key.encode()).hexdigest()
