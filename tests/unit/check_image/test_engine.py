"""The engine, driven through a client that is a line of shell."""

from pathlib import Path

import pytest

from check_image.engine import CannotStart, Engine, EngineError, EngineTimeout, mounts


def _engine(tmp_path: Path, script: str) -> Engine:
    client = tmp_path / "client"
    client.write_text(f"#!/bin/sh\n{script}\n")
    client.chmod(0o755)
    return Engine(str(client))


def test_failure_says_what_the_client_said(tmp_path: Path) -> None:
    """Whichever stream it was said on."""
    with pytest.raises(EngineError, match="client volume: no space"):
        _engine(tmp_path, "echo no space >&2; exit 1").volume()


def test_log_keeps_carriage_returns(tmp_path: Path) -> None:
    """They are what a rule looks for."""
    container = _engine(tmp_path, r"printf '50 %%\r\n100 %%\r'").create("image", [], [])
    assert container.log == "50 %\r\n100 %\r"


def test_wait_has_a_limit(tmp_path: Path) -> None:
    """None says that the container still runs."""
    engine = _engine(tmp_path, '[ "$1" != wait ] || exec sleep 60')
    assert engine.create("image", [], []).wait(0.1) is None
    with pytest.raises(EngineTimeout):
        engine("wait", "container", seconds=0.1)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("OCI runtime create failed: exec: train: executable file not found", CannotStart),
        ("driver failed programming external connectivity", EngineError),
    ],
)
def test_what_cannot_start(tmp_path: Path, said: str, error: type[EngineError]) -> None:
    """The image is to blame where its program cannot be run, the engine where it fails itself."""
    container = _engine(tmp_path, f'[ "$1" = create ] || {{ echo {said}; exit 1; }}').create(
        "image", [], []
    )
    with pytest.raises(EngineError) as caught:
        container.start()
    assert caught.type is error


def test_what_was_created_is_removed(tmp_path: Path) -> None:
    """Containers before the volumes that they use; and nothing is created from then on."""
    calls = tmp_path / "calls"
    with _engine(tmp_path, f'echo "$@" >>{calls}') as engine:
        volume = engine.volume()
        container = engine.create("image", [], ["train"])
    assert calls.read_text().splitlines()[-2:] == [
        f"rm --force {container.name}",
        f"volume rm --force {volume}",
    ]
    with pytest.raises(EngineError, match="has ended"):
        engine.create("image", [], ["train"])


def test_what_is_created_as_the_engine_is_closed_is_removed(tmp_path: Path) -> None:
    """It was not there yet when all else was removed."""
    calls = tmp_path / "calls"
    engine = _engine(tmp_path, f'echo "$@" >>{calls}')
    plain = engine.output

    def closing(*arguments: object, seconds: float = 1) -> tuple[int, str]:
        if arguments[0] == "create":
            engine.close()
        return plain(*arguments, seconds=seconds)

    engine.output = closing  # type: ignore[method-assign]
    with pytest.raises(EngineError, match="has ended"):
        engine.create("image", [], ["train"])
    verbs = [line.split()[0] for line in calls.read_text().splitlines()]
    assert verbs == ["rm", "create", "rm"]


def test_mounts() -> None:
    """What the image holds below the mount stays hidden."""
    assert mounts({"/opt/ml": "a", "/opt/ml/model": "b:ro"}) == [
        "--volume",
        "a:/opt/ml:rw,nocopy",
        "--volume",
        "b:/opt/ml/model:ro,nocopy",
    ]
