"""machine/environment.py: what this process and its children find in the environment."""

import os

import pytest

from text_classification.machine.environment import inherited_environment, preset, set_variables


def test_child_inherits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child process gets this environment."""
    monkeypatch.setenv("KEPT", "1")
    assert inherited_environment()["KEPT"] == "1"


def test_variables_are_set_for_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever they were."""
    monkeypatch.setenv("KEPT", "1")
    set_variables(KEPT="2")
    assert os.environ["KEPT"] == "2"


def test_preset_gives_way_to_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that the user has set keeps its value."""
    monkeypatch.setenv("CHOSEN", "by the user")
    monkeypatch.setenv("FREE", "")
    monkeypatch.delenv("FREE")
    preset("CHOSEN", "preset")
    preset("FREE", "preset")
    assert (os.environ["CHOSEN"], os.environ["FREE"]) == ("by the user", "preset")
