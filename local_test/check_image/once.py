"""What several rules look at is done once."""

import functools
from collections.abc import Callable
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

Key = TypeVar("Key")
Value = TypeVar("Value")


def once(compute: Callable[[Key], Value]) -> Callable[[Key], Value]:
    """Compute a value for each key once, whoever asks first; others wait for it.

    An exception is not remembered.
    """
    known: WeakKeyDictionary[Key, Value] = WeakKeyDictionary()
    lock = Lock()

    @functools.wraps(compute)
    def remembered(key: Key) -> Value:
        with lock:
            if key not in known:
                known[key] = compute(key)
            return known[key]

    return remembered
