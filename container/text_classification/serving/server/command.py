"""The command ``serve``, from its first moment; only what is quickly imported is imported here."""

from text_classification.serving.server.process_state import prepare_start


def main() -> int:
    """Serve until a signal or the death of nginx or gunicorn; return the exit code."""
    prepare_start()
    from text_classification.serving.server.startup import serve  # noqa: PLC0415

    return serve()
