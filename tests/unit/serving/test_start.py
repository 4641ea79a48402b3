"""serving/start.py: gunicorn's process, which waits to be told how to go on."""

import os
from pathlib import Path

import pytest

from text_classification.serving.start import GunicornProcess


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """There is nothing to load."""
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))


def test_who_is_told_nothing_ends(capfd: pytest.CaptureFixture[str]) -> None:
    """As when the supervisor has refused its settings, or was killed; and it does so in silence."""
    gunicorn = GunicornProcess()
    assert os.getpgid(gunicorn.number) == gunicorn.number
    os.close(gunicorn._telling)
    assert exit_code(gunicorn) == 0
    assert "Traceback" not in "".join(capfd.readouterr())


def test_settings_are_refused_once(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The supervisor says what is wrong with them; to tell what has ended is no error."""
    monkeypatch.setenv("MAX_BODY_MB", "many")
    gunicorn = GunicornProcess()
    assert exit_code(gunicorn) == 0
    gunicorn.go_on({}, tmp_path)
    assert capfd.readouterr() == ("", "")


def exit_code(gunicorn: GunicornProcess) -> int:
    """Wait for its end."""
    _, status = os.waitpid(gunicorn.number, 0)
    return os.waitstatus_to_exitcode(status)
