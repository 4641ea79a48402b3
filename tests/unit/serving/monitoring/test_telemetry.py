"""serving/monitoring/telemetry.py: the supervisor's threads between nginx and the log."""

import logging
from pathlib import Path
from threading import Thread

import pytest

from text_classification.contract.settings import Settings
from text_classification.serving.monitoring.request_log import RequestLog
from text_classification.serving.monitoring.telemetry import PIPE_BYTES, Telemetry
from text_classification.serving.server_folder import metrics_socket, request_pipe

LINE = (
    b'{"id":"7","route":"/invocations","status":200,"bytes_in":1,"bytes_out":2,"seconds":0.001}\n'
)


def test_what_was_written_is_printed_before_the_end(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nginx may open the pipe, close it and open it again meanwhile."""
    telemetry = Telemetry(Settings(), tmp_path, list)
    telemetry.start()
    for _ in range(2):
        with request_pipe(tmp_path).open("wb") as pipe:
            pipe.write(LINE * 100)
    telemetry.end()
    assert capfd.readouterr().out.encode() == LINE * 200
    assert metrics_socket(tmp_path).exists()


def test_fault_of_ours_holds_nginx_up_no_more_than_it_must(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The pipe is read from all the same, and the log says so once."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(RequestLog, "run", fail)
    telemetry = Telemetry(Settings(), tmp_path, list)
    telemetry.start()
    with request_pipe(tmp_path).open("wb") as pipe:
        writer = Thread(target=pipe.write, args=[bytes(4 * PIPE_BYTES)])
        writer.start()
        writer.join(10)
        assert not writer.is_alive()
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "neither logged nor counted" in caplog.text
