"""The command ``serve``, from its first moment; only what is quickly imported is imported here."""

import gc

from text_classification.machine.signals import hold_back


def main() -> int:
    """Serve until a signal or the death of nginx or gunicorn; return the exit code."""
    hold_back()
    # Hardly anything that is imported becomes garbage: to look for it took a tenth of the start.
    gc.disable()
    from text_classification.serving.server.startup import serve  # noqa: PLC0415

    return serve()
