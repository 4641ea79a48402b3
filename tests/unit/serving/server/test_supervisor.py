"""serving/server/supervisor.py."""

from text_classification.serving.monitoring.telemetry import END_SECONDS
from text_classification.serving.server.supervisor import GUNICORN_SECONDS, NGINX_SECONDS

# From SIGTERM to SIGKILL, on SageMaker.
STOP_SECONDS = 30


def test_end_comes_before_the_platform_kills() -> None:
    """However long requests take, all that is waited for at the end fits, with time to spare."""
    assert NGINX_SECONDS + GUNICORN_SECONDS + END_SECONDS < STOP_SECONDS
