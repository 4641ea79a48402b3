"""Compute values that several rules need only once."""

import functools
from collections.abc import Callable
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

Key = TypeVar("Key")
Value = TypeVar("Value")


def memoize(compute: Callable[[Key], Value]) -> Callable[[Key], Value]:
    """Compute a value for each key once, by the first caller; others wait for it.

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
