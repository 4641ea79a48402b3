"""The environment of this process and of its children; what it says is read in settings.py."""

import os


def inherited_environment() -> dict[str, str]:
    """Return the environment of a child process: this one's."""
    return dict(os.environ)


def set_variables(**variables: str) -> None:
    """Set variables for this process, before it imports what reads them, and for its children."""
    os.environ.update(variables)


def preset(variable: str, value: str) -> None:
    """Set a variable that a library reads when it is imported, unless the user has set it."""
    os.environ.setdefault(variable, value)


def settle_tensorflow(threads: int) -> None:
    """Give TensorFlow so many threads; to be called before its import."""
    preset("TF_NUM_INTRAOP_THREADS", str(threads))
    preset("TF_NUM_INTEROP_THREADS", str(threads))


def settle_blas() -> None:
    """Give NumPy's BLAS one thread; to be called before its import.

    Its sums depend on the number of its threads, and they hold up those of our kernels, which share
    out large products themselves.
    """
    preset("OPENBLAS_NUM_THREADS", "1")
